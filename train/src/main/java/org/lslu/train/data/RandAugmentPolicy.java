package org.lslu.train.data;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lslu.function.UserException;

/** The text form of {@link RandAugment}. */
final class RandAugmentPolicy {
  private static final Pattern SECTION = Pattern.compile("(mstd|mmax|inc|m|n|p)(inf|[0-9.]+)");
  private static final double EVENLY = 100; // a larger mstd means an even draw

  private RandAugmentPolicy() {}

  static RandAugment parse(String text) {
    String policy = text.strip();
    if (policy.isEmpty() || policy.equals("none")) {
      return RandAugment.NONE;
    }
    String[] sections = policy.split("-", -1);
    if (!sections[0].equals("rand")) {
      throw mistake(
          text,
          "begins with \"%s\"; only rand is known, as in rand-m7-mstd0.5-inc1"
              .formatted(sections[0]));
    }
    Map<String, Double> given = new HashMap<>();
    for (int k = 1; k < sections.length; k++) {
      Matcher section = SECTION.matcher(sections[k]);
      if (!section.matches()) {
        throw mistake(
            text,
            "has the part \"%s\"; expected m, n, mstd, p, inc or mmax with a number behind it"
                .formatted(sections[k]));
      }
      if (given.put(section.group(1), number(text, section)) != null) {
        throw mistake(text, "gives %s twice".formatted(section.group(1)));
      }
    }
    double deviation = given.getOrDefault("mstd", 0.0);
    double highest = given.getOrDefault("mmax", 10.0);
    return new RandAugment(
        given.getOrDefault("m", 10.0),
        (int) whole(text, "n", given.getOrDefault("n", 2.0), 1, 100),
        deviation > EVENLY ? Double.POSITIVE_INFINITY : deviation,
        given.getOrDefault("p", 0.5),
        whole(text, "inc", given.getOrDefault("inc", 0.0), 0, 1) == 1,
        highest,
        RandAugment.NONE.interpolation());
  }

  private static double number(String text, Matcher section) {
    if (section.group(2).equals("inf")) {
      if (section.group(1).equals("mstd")) {
        return Double.POSITIVE_INFINITY;
      }
    } else {
      try {
        return Double.parseDouble(section.group(2));
      } catch (NumberFormatException _) {
        // told below
      }
    }
    throw mistake(
        text,
        "has \"%s\" for %s; a number is expected".formatted(section.group(2), section.group(1)));
  }

  private static double whole(String text, String name, double value, int least, int most) {
    if (value != Math.rint(value) || value < least || value > most) {
      throw mistake(
          text,
          "has %s%s; %s is a whole number from %s to %s"
              .formatted(name, decimal(value), name, least, most));
    }
    return value;
  }

  private static UserException mistake(String text, String what) {
    return UserException.argument("The RandAugment policy \"%s\" %s.".formatted(text, what));
  }

  static String text(RandAugment policy) {
    if (policy.operations() == 0) {
      return "none";
    }
    StringBuilder text = new StringBuilder("rand-m").append(decimal(policy.magnitude()));
    text.append("-n").append(policy.operations());
    if (policy.deviation() > 0) {
      text.append("-mstd").append(decimal(policy.deviation()));
    }
    if (policy.probability() != RandAugment.NONE.probability()) {
      text.append("-p").append(decimal(policy.probability()));
    }
    if (policy.increasing()) {
      text.append("-inc1");
    }
    if (policy.highest() != RandAugment.NONE.highest()) {
      text.append("-mmax").append(decimal(policy.highest()));
    }
    return text.toString();
  }

  /** Without exponent and without a needless fraction. */
  private static String decimal(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "inf";
    }
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}

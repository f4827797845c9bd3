package org.lslu.train.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.lslu.function.Constraint;
import org.lslu.function.CostClass;
import org.lslu.function.Parameter;

/**
 * Functions as cards with formula, source, cost, and a plot that moves with sliders for the
 * parameters; one file without network. The page evaluates the functions itself.
 *
 * @param families one card each
 * @param costs where the costs come from, as a sentence
 */
public record AtlasPage(List<Family> families, String costs) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** More sliders than these are folded away until they are wanted. */
  private static final int SHOWN_SLIDERS = 6;

  /**
   * One card.
   *
   * @param id the family's id
   * @param options its options, a line each
   * @param members its functions, the standard one first
   */
  public record Family(String id, List<String> options, List<Member> members) {
    /** Keeps copies. */
    public Family {
      options = List.copyOf(options);
      members = List.copyOf(members);
    }
  }

  /**
   * One function.
   *
   * @param id its name with its options
   * @param mathMl its formula as a MathML element
   * @param formula its formula as text
   * @param source where it comes from
   * @param costClass how much work it is
   * @param timesRelu its measured cost; empty where it was not measured
   * @param parameters what it learns
   * @param script {@code (x, p) => [value, derivative]}
   */
  public record Member(
      String id,
      String mathMl,
      String formula,
      String source,
      CostClass costClass,
      OptionalDouble timesRelu,
      List<Parameter> parameters,
      String script) {
    /** Keeps a copy. */
    public Member {
      parameters = List.copyOf(parameters);
    }
  }

  /** Keeps a copy. */
  public AtlasPage {
    families = List.copyOf(families);
  }

  /**
   * Writes the page; a file that is there is replaced once the new one is whole.
   *
   * @throws org.lslu.function.UserException if the file cannot be written
   */
  public void write(Path file) {
    AtomicFile.write(file, out -> out.write(page()));
  }

  String page() {
    return Page.of(
        "Atlas of activation functions",
        List.of(PageAssets.own("page.css"), PageAssets.own("atlas.css")),
        this::content,
        page -> {
          page.trusted("script", json(), "type", "application/json", "id", "atlas");
          page.trusted("script", functions());
          page.trusted("script", PageAssets.own("atlas.js"));
        });
  }

  private void content(Markup page) {
    final int members = families.stream().mapToInt(family -> family.members().size()).sum();
    page.open("header", "class", "atlas-head");
    page.element("h1", "Atlas of activation functions");
    page.element(
        "p",
        "%d families, %d functions. Move a slider: value and derivative are computed here, in the page."
            .formatted(families.size(), members),
        "class",
        "subtitle");
    page.close("header");
    controls(page);
    page.element("p", "", "class", "none", "hidden", "hidden", "id", "none");
    page.open("div", "class", "cards", "id", "cards");
    for (int i = 0; i < families.size(); i++) {
      card(page, i);
    }
    page.close("div");
    page.element("p", costs, "class", "note costs");
    page.open("noscript").element("p", "The plots need JavaScript.").close("noscript");
  }

  private static void controls(Markup page) {
    page.open("form", "class", "filter", "id", "filter", "role", "search");
    page.empty(
        "input",
        "type",
        "search",
        "id",
        "search",
        "placeholder",
        "Search name, formula, paper …",
        "aria-label",
        "Search");
    select(page, "kind", "Which", "all", "All", "fixed", "Fixed", "learned", "Learned");
    select(
        page,
        "class",
        "Cost class",
        "all",
        "Any cost",
        "arithmetic",
        "Arithmetic",
        "transcendental",
        "Transcendental");
    select(
        page,
        "order",
        "Order",
        "catalogue",
        "Catalogue order",
        "name",
        "By name",
        "cost",
        "By cost");
    select(page, "span", "Range of x", "3", "|x| ≤ 3", "5", "|x| ≤ 5", "10", "|x| ≤ 10");
    page.element("output", "", "id", "count", "class", "note");
    page.close("form");
  }

  private static void select(Markup page, String id, String label, String... options) {
    page.open("select", "id", id, "aria-label", label);
    for (int i = 0; i < options.length; i += 2) {
      if (options[i].equals("5")) {
        page.element("option", options[i + 1], "value", options[i], "selected", "selected");
      } else {
        page.element("option", options[i + 1], "value", options[i]);
      }
    }
    page.close("select");
  }

  private void card(Markup page, int index) {
    final Family family = families.get(index);
    final Member first = family.members().getFirst();
    page.open(
        "article", "class", "card", "data-family", Integer.toString(index), "id", family.id());
    page.open("header").element("h2", family.id());
    page.element("span", "", "class", "cost", "title", costs).close("header");
    if (family.members().size() > 1) {
      page.open("select", "class", "member", "aria-label", "Member of the family");
      for (int i = 0; i < family.members().size(); i++) {
        page.element("option", family.members().get(i).id(), "value", Integer.toString(i));
      }
      page.close("select");
    }
    page.raw("<div class=\"equation\">" + first.mathMl() + "</div>\n");
    page.element("svg", "", "class", "graph", "viewBox", "0 0 360 230", "role", "img");
    page.element("p", "", "class", "readout", "aria-hidden", "true");
    page.element("div", "", "class", "sliders");
    page.element("p", first.source(), "class", "source");
    page.open("details");
    page.element("summary", family.options().isEmpty() ? "as text" : "as text, options");
    page.element("code", first.formula(), "class", "formula");
    if (!family.options().isEmpty()) {
      page.open("ul");
      family.options().forEach(option -> page.element("li", option));
      page.close("ul");
    }
    page.close("details").close("article");
  }

  /** The functions as code: a page that may load nothing may not make code from text either. */
  private String functions() {
    return JavaScriptFunctions.of(
        families.stream()
            .map(family -> family.members().stream().map(Member::script).toList())
            .toList());
  }

  private String json() {
    final ArrayNode all = JSON.createArrayNode();
    for (final Family family : families) {
      final ArrayNode members = all.addObject().put("id", family.id()).putArray("members");
      family.members().forEach(member -> members.add(json(member)));
    }
    try {
      return JSON.writeValueAsString(all)
          .replace("&", "\\u0026")
          .replace("<", "\\u003c")
          .replace(">", "\\u003e");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Plain data was not written as JSON", e);
    }
  }

  private static ObjectNode json(Member member) {
    final ObjectNode node = JSON.createObjectNode();
    node.put("id", member.id());
    node.put("mathml", member.mathMl());
    node.put("formula", member.formula());
    node.put("source", member.source());
    node.put("costClass", member.costClass().name().toLowerCase(Locale.ROOT));
    if (member.timesRelu().isPresent()) {
      node.put("cost", member.timesRelu().getAsDouble());
    }
    final ArrayNode sliders = node.putArray("sliders");
    for (final Parameter parameter : member.parameters()) {
      for (int i = 0; i < parameter.length(); i++) {
        sliders.add(slider(parameter, i));
      }
    }
    node.put("folded", sliders.size() > SHOWN_SLIDERS);
    node.put(
        "learned",
        member.parameters().stream()
            .map(p -> "%s per %s".formatted(Wording.symbol(p.name()), p.sharing()))
            .collect(Collectors.joining(", ")));
    return node;
  }

  private static ObjectNode slider(Parameter parameter, int index) {
    final double initial = parameter.initial().get(index);
    final double reach = Math.max(2, 2 * Math.abs(initial));
    double low = initial - reach;
    double high = initial + reach;
    if (parameter.constraint() instanceof Constraint.Interval(double least, double most)) {
      low = Math.max(low, least);
      high = Math.min(high, most);
    }
    return JSON.createObjectNode()
        .put("name", Wording.element(parameter.name(), index, parameter.length() > 1))
        .put("low", low)
        .put("high", high)
        .put("initial", initial);
  }
}

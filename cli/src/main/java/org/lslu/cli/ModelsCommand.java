package org.lslu.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lslu.torch.deploy.NetworkCost;
import org.lslu.torch.network.NetworkSettings;
import org.lslu.torch.network.Networks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the networks with what they hold and cost, or tells all about one. */
@Command(
    name = "models",
    description = {
      "List the networks with their size and cost, or tell all about one.",
      "",
      "Parameters and multiply-adds are those of the network as it is trained and as lslu deploy"
          + " makes it, with point-wise or series ReLU as published; multiply-adds are those of"
          + " convolutions and linear maps for one image. PLACES is the number of positions at"
          + " which it has an activation, VALUES what goes through them for one image. Of one"
          + " network also the positions by name, and what is not as published at these settings."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lslu models",
      "  lslu models --image-size 32 --classes 10 --width 0.25",
      "  lslu models resnet-18 --image-size 32",
      "  lslu models --json | jq -r '.[] | [.name, .parameters] | @tsv'"
    })
final class ModelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      completionCandidates = ModelNames.class,
      description = "One network.")
  private @Nullable String model;

  @Option(
      names = "--image-size",
      paramLabel = "S",
      defaultValue = "224",
      description = "Height and width of an image. Default: ${DEFAULT-VALUE}")
  private int imageSize;

  @Option(
      names = "--classes",
      paramLabel = "K",
      defaultValue = "1000",
      description = "Number of classes. Default: ${DEFAULT-VALUE}")
  private int classes;

  @Option(
      names = "--channels",
      paramLabel = "C",
      defaultValue = "3",
      description = "1 for grey images, 3 for colour. Default: ${DEFAULT-VALUE}")
  private int channels;

  @Option(
      names = "--width",
      paramLabel = "W",
      defaultValue = "1",
      description = "Factor on the network's widths. Default: ${DEFAULT-VALUE}")
  private double width;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final TextOutput output = TextOutput.of(spec.commandLine());
    if (model != null) {
      final String name = model.toLowerCase(Locale.ROOT);
      final NetworkCost cost = cost(name);
      if (json) {
        output.line(inFull(name, cost).toPrettyString());
      } else {
        tell(name, cost, output);
      }
    } else if (json) {
      final ArrayNode list = JsonNodeFactory.instance.arrayNode();
      Networks.names().forEach(name -> list.add(outline(name, cost(name))));
      output.line(list.toPrettyString());
    } else {
      list(output);
    }
    return 0;
  }

  private NetworkCost cost(String name) {
    return NetworkCost.of(NetworkSettings.of(name, classes, channels, imageSize).withWidth(width));
  }

  private void list(TextOutput output) {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "MODEL",
            right("PARAMETERS"),
            right("MULTIPLY-ADDS"),
            right("DEPLOYED"),
            right("MULTIPLY-ADDS"),
            "PLACES",
            right("VALUES")));
    for (final String name : Networks.names()) {
      final NetworkCost cost = cost(name);
      rows.add(
          List.of(
              name,
              number(cost.trained().parameters()),
              number(cost.trained().multiplyAdds()),
              number(cost.deployed().parameters()),
              number(cost.deployed().multiplyAdds()),
              "%6d".formatted(cost.activationPlaces().size()),
              number(cost.activationValues())));
    }
    output.table(rows);
    output.line();
    output.hanging("", "For one image of %s, %d classes.".formatted(image(), classes));
  }

  private static String right(String heading) {
    return "%15s".formatted(heading);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,15d", value);
  }

  private String image() {
    return "%d×%d×%d".formatted(channels, imageSize, imageSize);
  }

  private void tell(String name, NetworkCost cost, TextOutput output) {
    output.hanging("name           ", name);
    output.hanging("input          ", image() + ", " + classes + " classes");
    output.hanging("trained        ", text(cost.trained()));
    output.hanging("deployed       ", text(cost.deployed()));
    output.hanging(
        "activations    ",
        String.format(
            Locale.ROOT,
            "%d places, %,d values an image",
            cost.activationPlaces().size(),
            cost.activationValues()));
    output.hanging("places         ", String.join(", ", cost.activationPlaces()));
    String heading = "not published  ";
    for (final String note : cost.notes()) {
      output.hanging(heading, note);
      heading = " ".repeat(heading.length());
    }
  }

  private static String text(NetworkCost.Amount amount) {
    return String.format(
        Locale.ROOT,
        "%,d parameters, %,d multiply-adds",
        amount.parameters(),
        amount.multiplyAdds());
  }

  private ObjectNode outline(String name, NetworkCost cost) {
    final ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", name);
    node.put("imageSize", imageSize);
    node.put("channels", channels);
    node.put("classes", classes);
    node.put("width", width);
    node.put("parameters", cost.trained().parameters());
    node.put("multiplyAdds", cost.trained().multiplyAdds());
    node.put("deployedParameters", cost.deployed().parameters());
    node.put("deployedMultiplyAdds", cost.deployed().multiplyAdds());
    node.put("activations", cost.activationPlaces().size());
    node.put("activationValues", cost.activationValues());
    return node;
  }

  private ObjectNode inFull(String name, NetworkCost cost) {
    final ObjectNode node = outline(name, cost);
    final ArrayNode places = node.putArray("places");
    cost.activationPlaces().forEach(places::add);
    final ArrayNode notes = node.putArray("notes");
    cost.notes().forEach(notes::add);
    return node;
  }
}

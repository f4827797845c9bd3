package org.lslu.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what LSLU runs on, what slows it down, and whether it works. */
@Command(
    name = "doctor",
    description = {
      "Look at what lslu runs on: Java, vectors, LibTorch, threads, allocator, memory, environment.",
      "",
      "Each thing that slows it down comes with its cure; small computations show whether it works."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything works, warnings or not", "1:something does not work"},
    footerHeading = "%nExamples:%n",
    footer = {"  lslu doctor", "  lslu doctor --json | jq '.checks[] | select(.state != \"ok\")'"})
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    final List<Finding> findings = Diagnosis.of(System.getenv());
    final long failed = count(findings, Finding.State.FAILED);
    final long warnings = count(findings, Finding.State.WARNING);
    if (json) {
      final ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("works", failed == 0);
      node.put("warnings", warnings);
      final ArrayNode checks = node.putArray("checks");
      for (final Finding finding : findings) {
        final ObjectNode one = checks.addObject();
        one.put("name", finding.name());
        one.put("state", finding.state().word());
        one.put("found", finding.found());
        if (!finding.cure().isEmpty()) {
          one.put("cure", finding.cure());
        }
      }
      spec.commandLine().getOut().println(node.toPrettyString());
    } else {
      tell(findings, failed, warnings);
    }
    return failed == 0 ? 0 : 1;
  }

  private void tell(List<Finding> findings, long failed, long warnings) {
    final TextOutput output = TextOutput.of(spec.commandLine());
    final int widest = findings.stream().mapToInt(one -> one.name().length()).max().orElse(0);
    final String form = "%-7s  %-" + widest + "s  ";
    for (final Finding finding : findings) {
      output.hanging(form.formatted(finding.state().word(), finding.name()), finding.found());
      if (!finding.cure().isEmpty()) {
        output.hanging(form.formatted("", "") + "→ ", finding.cure());
      }
    }
    output.line();
    final String slow =
        switch ((int) warnings) {
          case 0 -> "nothing slows it down";
          case 1 -> "1 thing to look at";
          default -> warnings + " things to look at";
        };
    output.line(
        failed == 0
            ? "Everything works; " + slow + "."
            : failed + " of the checks failed; " + slow + ".");
  }

  private static long count(List<Finding> findings, Finding.State state) {
    return findings.stream().filter(finding -> finding.state() == state).count();
  }
}

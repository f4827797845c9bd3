package org.lslu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/extending.md does what it says: its Java is compiled, its commands are run. */
final class ExtendingTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("^ {4}\\./lslu ((?:functions|plot|check) .*)$", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir private Path directory;

  @Test
  void javaOfThePage_compilesAndJoinsTheCatalogue() throws Exception {
    final Matcher block = JAVA.matcher(page());
    assertThat(block.find()).isTrue();
    final String code = block.group(1);
    assertThat(code.strip().lines().count()).as("ten lines").isLessThanOrEqualTo(10);
    final Path source = directory.resolve("LearnedMish.java");
    Files.writeString(
        source,
        """
        import static org.lslu.function.Expressions.*;

        import java.util.List;
        import org.lslu.function.*;

        """
            + code);
    final String classPath = System.getProperty("java.class.path");
    final int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                directory.toString(),
                "-cp",
                classPath,
                source.toString());
    assertThat(failed).isZero();
    final Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve("org.lslu.function.FunctionFamily"), "LearnedMish\n");

    final Path out = directory.resolve("out.txt");
    // Another JVM: in this one the catalogue is made already.
    final ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "org.lslu.cli.Lslu",
            "functions",
            "learned-mish");
    builder.environment().put("CLASSPATH", directory + java.io.File.pathSeparator + classPath);
    final Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out))
        .contains("x * tanh(softplus(beta * x))", "beta = 1 (channel)", "this page");
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void commandsOfThePage_succeed() throws Exception {
    final Matcher commands = COMMAND.matcher(page());
    int run = 0;
    while (commands.find()) {
      final List<String> words = new ArrayList<>();
      final Matcher word = WORD.matcher(commands.group(1));
      while (word.find()) {
        words.add(word.group(1) != null ? word.group(1) : word.group(2));
      }
      words.replaceAll(one -> one.equals("mine.svg") ? directory + "/mine.svg" : one);
      final StringWriter err = new StringWriter();
      final int exit =
          Lslu.execute(
              Lslu.commandLine()
                  .setOut(new PrintWriter(new StringWriter()))
                  .setErr(new PrintWriter(err)),
              words.toArray(String[]::new));
      assertThat(exit).as(commands.group(1) + ": " + err).isZero();
      run++;
    }
    assertThat(run).isEqualTo(3);
    assertThat(directory.resolve("mine.svg")).isRegularFile();
  }

  private static String page() throws Exception {
    return Files.readString(Path.of("../docs/extending.md"), StandardCharsets.UTF_8);
  }
}

package org.lslu.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example is compiled and run as it stands. */
class ReadmeExampleTest {
  @TempDir private Path classes;

  @Test
  void example_compilesAndPrintsAGradientAndABeta()
      throws IOException, ReflectiveOperationException {
    final String source =
        """
        import java.util.List;
        import org.bytedeco.javacpp.PointerScope;
        import org.bytedeco.pytorch.global.torch;
        import org.lslu.function.*;
        import org.lslu.torch.*;
        import org.lslu.torch.layer.*;
        public final class Example {
          public static void main(String[] arguments) {
        %s
          }
        }
        """
            .formatted(example());
    compile(source);

    final String printed = run();

    final List<String> lines = printed.lines().toList();
    assertThat(lines).as(printed).hasSize(2);
    assertThat(Float.parseFloat(lines.get(0))).as("mean |dx|").isPositive();
    assertThat(Double.parseDouble(lines.get(1))).as("beta of channel 0").isEqualTo(1.0);
  }

  private static String example() throws IOException {
    final String readme = Files.readString(Path.of("..", "README.md"));
    final int start = readme.indexOf("```java") + "```java".length();
    return readme.substring(start, readme.indexOf("```", start));
  }

  private void compile(String source) {
    final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    final JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    final ByteArrayOutputStream problems = new ByteArrayOutputStream();
    final List<String> options =
        List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString());
    final boolean compiled =
        compiler
            .getTask(
                new java.io.OutputStreamWriter(problems, StandardCharsets.UTF_8),
                null,
                null,
                options,
                null,
                List.of(file))
            .call();
    assertThat(compiled).as(problems.toString(StandardCharsets.UTF_8)).isTrue();
  }

  private String run() throws IOException, ReflectiveOperationException {
    final PrintStream before = System.out;
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } catch (InvocationTargetException problem) {
      throw new AssertionError("the example failed", problem.getCause());
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}

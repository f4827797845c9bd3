package org.lslu.torch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.lslu.function.UserException;

/**
 * Starts LibTorch: unpacks and loads the native library, sets up the allocator and the threads.
 *
 * <p>Call {@link #start()} before any other class of LibTorch is touched. It may be called from any
 * thread and as often as you like; only the first call works. Layers call it themselves.
 *
 * <p>The number of threads is, in this order: the system property {@code lslu.threads}, the
 * environment variable {@code LSLU_THREADS}, the number of physical cores.
 */
public final class LibTorch {
  /** System property that sets the number of threads. */
  public static final String THREADS_PROPERTY = "lslu.threads";

  /** Environment variable that sets the number of threads. */
  public static final String THREADS_VARIABLE = "LSLU_THREADS";

  private static final String PHYSICAL_BYTES_PROPERTY = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

  private static volatile @Nullable Facts facts;

  private LibTorch() {}

  /**
   * What start-up found and did.
   *
   * @param version the version of LibTorch, such as {@code 2.10.0}
   * @param threads threads that one operation may use
   * @param allocatorAccepted whether glibc accepted every allocator setting
   * @param allocator the same in words
   * @param cacheDirectory where the native libraries were unpacked
   * @param cpuCapability the widest instructions that LibTorch uses, such as {@code AVX512}
   */
  public record Facts(
      String version,
      int threads,
      boolean allocatorAccepted,
      String allocator,
      Path cacheDirectory,
      String cpuCapability) {}

  /**
   * Starts LibTorch with the number of threads that the class comment names.
   *
   * @return what was found and done
   * @throws UserException if the number of threads is not a positive integer, or the native library
   *     cannot be unpacked or loaded
   */
  public static Facts start() {
    Facts known = facts;
    return known != null ? known : startOnce(configuredThreads());
  }

  /**
   * Starts LibTorch with {@code threads} threads; where it already runs, sets their number.
   *
   * @param threads threads that one operation may use, at least 1
   * @return what was found and done
   * @throws UserException if {@code threads} is below 1, or the native library cannot be unpacked
   *     or loaded
   */
  public static Facts start(int threads) {
    if (threads < 1) {
      throw UserException.argument(
          "The number of threads must be at least 1, but it is " + threads + ".");
    }
    Facts started = startOnce(threads);
    return started.threads() == threads ? started : changeThreads(threads);
  }

  /**
   * Seeds LibTorch's own random numbers, which dropout draws from. Initial weights do not: they
   * have generators of their own.
   *
   * @param seed any number
   */
  public static void seed(long seed) {
    start();
    torch.manual_seed(seed);
  }

  private static synchronized Facts startOnce(int threads) {
    Facts known = facts;
    if (known != null) {
      return known;
    }
    // JavaCPP reads /proc at each new pointer to compare the process with this limit (1.5 µs of
    // 2 µs), and throws where a large network is larger than four Java heaps. Scopes free tensors.
    if (System.getProperty(PHYSICAL_BYTES_PROPERTY) == null) {
      System.setProperty(PHYSICAL_BYTES_PROPERTY, "0");
    }
    // Before LibTorch allocates for the first time.
    Allocator.Outcome allocator = Allocator.keepFreedBlocks();
    IdleThreads.sleep();
    Path cache = unpack();
    try {
      torch.set_num_threads(threads);
    } catch (LinkageError e) {
      throw UserException.failure(
          "The native library of LibTorch for %s could not be loaded (%s); delete %s and try again."
              .formatted(Loader.getPlatform(), e.getMessage(), cache),
          e);
    }
    Facts started =
        new Facts(
            version(),
            torch.get_num_threads(),
            allocator == Allocator.Outcome.ACCEPTED,
            allocator.sentence(),
            cache,
            text(torch.get_cpu_capability()));
    facts = started;
    log(started);
    return started;
  }

  private static synchronized Facts changeThreads(int threads) {
    torch.set_num_threads(threads);
    Facts known = start();
    Facts changed =
        new Facts(
            known.version(),
            torch.get_num_threads(),
            known.allocatorAccepted(),
            known.allocator(),
            known.cacheDirectory(),
            known.cpuCapability());
    facts = changed;
    return changed;
  }

  /**
   * Unpacks every native library before the first is loaded. With an empty cache JavaCPP would load
   * libtorch.so before its own libtorch_cpu.so is there, the system's loader would take another
   * libtorch_cpu.so where one is installed, and the JVM would crash.
   */
  private static Path unpack() {
    try {
      Loader.cacheResources("/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
      return Loader.getCacheDir().toPath();
    } catch (IOException e) {
      throw UserException.failure(
          "The native library of LibTorch could not be unpacked (%s); set the system property"
                  .formatted(e.getMessage())
              + " org.bytedeco.javacpp.cachedir to a directory that can be written.",
          e);
    }
  }

  private static String version() {
    Matcher matcher = VERSION.matcher(text(torch.show_config()));
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  private static String text(BytePointer characters) {
    try (characters) {
      return characters.getString();
    }
  }

  private static int configuredThreads() {
    String property = System.getProperty(THREADS_PROPERTY);
    if (property != null) {
      return parseThreads("system property " + THREADS_PROPERTY, property);
    }
    String variable = System.getenv(THREADS_VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return parseThreads("environment variable " + THREADS_VARIABLE, variable);
    }
    return ProcessorCores.physical();
  }

  /** The number of threads that {@code text} says. */
  static int parseThreads(String place, String text) {
    try {
      int threads = Integer.parseInt(text.strip());
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // Told below, in the same words as a number below 1.
    }
    throw UserException.argument(
        "The %s must be a number of threads, 1 or more, but it is \"%s\".".formatted(place, text));
  }

  private static void log(Facts started) {
    Logger logger = System.getLogger(LibTorch.class.getName());
    logger.log(
        Level.DEBUG,
        () ->
            "LibTorch %s, %s, %d threads; allocator %s; native cache %s"
                .formatted(
                    started.version(),
                    started.cpuCapability(),
                    started.threads(),
                    started.allocator(),
                    started.cacheDirectory()));
  }
}

package org.lslu.train.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lslu.function.UserException;
import org.lslu.train.report.EpochMetrics;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.StopSignal;
import org.lslu.train.run.Training;
import org.lslu.train.run.TrainingListener;

/**
 * Trains every variant with every seed, each in a run directory of its own below one directory.
 *
 * <p>It goes on where it stopped: finished runs are read, a run that was cut short is resumed.
 * Seeds come in the outer order, so that a comparison that is cut short has compared all variants.
 */
public final class Comparison {
  private final List<Variant> variants;
  private final List<Long> seeds;
  private final Path directory;
  private final RunFile.Environment environment;

  /**
   * Plans a comparison.
   *
   * @param variants what is compared; the first is the one that the others are held against
   * @param seeds one run of each variant for each
   * @param directory where the runs go
   * @param environment where they run
   * @throws UserException where there are fewer than two variants or two of one name
   */
  public Comparison(
      List<Variant> variants, List<Long> seeds, Path directory, RunFile.Environment environment) {
    if (variants.size() < 2) {
      throw UserException.argument(
          "%d variant to compare; name at least two, such as --activations relu,lslu"
              .formatted(variants.size()));
    }
    final Set<String> names = new HashSet<>();
    for (final Variant variant : variants) {
      if (!names.add(variant.directory(0))) {
        throw UserException.argument("'" + variant.name() + "' is compared with itself");
      }
      variant.settings().activation().function(); // told before anything runs
    }
    this.variants = List.copyOf(variants);
    this.seeds = List.copyOf(seeds);
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * Runs what has not been run.
   *
   * @param listener hears every run
   * @return the results in the variants' order; empty where the stop signal cut it short
   * @throws UserException where a run fails, or a directory holds a run of other settings
   */
  public Optional<List<VariantResult>> run(TrainingListener listener, StopSignal stop) {
    // Two at work in one directory would write into each other's runs.
    try (DirectoryLock alone = DirectoryLock.of(directory)) {
      return runs(listener, stop);
    }
  }

  private Optional<List<VariantResult>> runs(TrainingListener listener, StopSignal stop) {
    final List<List<List<EpochMetrics>>> runs = new ArrayList<>();
    final long[] parameters = new long[variants.size()];
    variants.forEach(_ -> runs.add(new ArrayList<>()));
    for (final long seed : seeds) {
      for (int v = 0; v < variants.size(); v++) {
        final Training training = training(variants.get(v), seed, listener, stop);
        final RunDirectory run =
            new RunDirectory(directory.resolve(variants.get(v).directory(seed)));
        if (training.train() instanceof Training.Outcome.Stopped) {
          return Optional.empty();
        }
        parameters[v] = training.model().network().parameterCount();
        runs.get(v).add(run.metrics().read());
      }
    }
    final List<VariantResult> results = new ArrayList<>();
    for (int v = 0; v < variants.size(); v++) {
      results.add(new VariantResult(variants.get(v), parameters[v], runs.get(v)));
    }
    return Optional.of(results);
  }

  private Training training(
      Variant variant, long seed, TrainingListener listener, StopSignal stop) {
    final Path path = directory.resolve(variant.directory(seed));
    if (!Files.exists(path.resolve("run.toml"))) {
      return Training.start(
          RunDirectory.create(path), variant.seeded(seed), environment, listener, stop);
    }
    final RunDirectory known = RunDirectory.open(path);
    if (!known.read().settings().equals(variant.seeded(seed))) {
      throw UserException.argument(
          "%s holds a run with other settings; give --out another directory".formatted(path));
    }
    return Training.resume(known, listener, stop);
  }
}

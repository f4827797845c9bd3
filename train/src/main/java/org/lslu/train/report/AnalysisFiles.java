package org.lslu.train.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lslu.train.analysis.DeadUnits;
import org.lslu.train.analysis.EffectiveShape;
import org.lslu.train.analysis.LayerShapes;
import org.lslu.train.analysis.Selectivity;
import org.lslu.train.analysis.Trend;
import org.lslu.train.analysis.UnitSelectivity;

/**
 * The CSV files of an analysis, each whole or not at all; a value that does not apply is empty.
 * Methods throw a {@link org.lslu.function.UserException} where a file cannot be written.
 */
public final class AnalysisFiles {
  private AnalysisFiles() {}

  /**
   * Writes {@code shapes.csv}: one line for each epoch, layer and parameter set. Breaks and slopes
   * are lists with blanks in between.
   *
   * @param source hands every layer's shapes, epoch by epoch, to the file
   */
  public static void shapes(Path path, Consumer<Consumer<LayerShapes>> source) {
    AtomicFile.write(
        path,
        out -> {
          final CsvWriter csv = writer(out);
          csv.writeRecord(
              "epoch", "layer", "set", "shape", "A", "B", "c", "tau", "breaks", "slopes");
          source.accept(shapes -> write(csv, shapes));
          csv.flush();
        });
  }

  private static void write(CsvWriter csv, LayerShapes shapes) {
    for (int set = 0; set < shapes.sets().size(); set++) {
      final EffectiveShape shape = shapes.sets().get(set);
      csv.writeRecord(
          Integer.toString(shapes.epoch()),
          shapes.layer(),
          Integer.toString(set),
          shape.kind().name().toLowerCase(Locale.ROOT),
          number(shape.slope()),
          number(shape.offset()),
          number(shape.floor()),
          number(shape.hinge()),
          numbers(shape.breaks()),
          numbers(shape.slopes()));
    }
  }

  /** Writes {@code trends.csv}: one line for each layer and step, with every number of the test. */
  public static void trends(Path path, List<Trend> trends) {
    AtomicFile.write(
        path,
        out -> {
          final CsvWriter csv = writer(out);
          csv.writeRecord(
              "layer",
              "step",
              "epochs",
              "theta_first",
              "theta_least",
              "theta_least_epoch",
              "theta_last",
              "theta_range",
              "theta_noise",
              "theta_late_span",
              "theta_falls",
              "theta_rises",
              "theta_settles",
              "omega_first",
              "omega_last",
              "increments_spearman",
              "levels_pearson",
              "bound",
              "omega_goes",
              "theta_verdict",
              "omega_verdict",
              "verdict");
          for (final Trend trend : trends) {
            final Trend.Way theta = trend.theta();
            final Trend.Beside omega = trend.omega();
            csv.writeRecord(
                trend.layer(),
                Integer.toString(trend.step()),
                Integer.toString(trend.epochs()),
                number(theta.first()),
                number(theta.least()),
                Integer.toString(theta.leastEpoch()),
                number(theta.last()),
                number(theta.range()),
                number(theta.noise()),
                number(theta.late()),
                Boolean.toString(theta.falls()),
                Boolean.toString(theta.rises()),
                Boolean.toString(theta.settles()),
                number(omega.first()),
                number(omega.last()),
                number(omega.increments()),
                number(omega.levels()),
                number(omega.bound()),
                omega.direction().name().toLowerCase(Locale.ROOT),
                trend.thetaVerdict().words(),
                trend.omegaVerdict().words(),
                trend.verdict().words());
          }
          csv.flush();
        });
  }

  /** Writes {@code selectivity.csv}: one line for each unit, or unit and place of its kernel. */
  public static void selectivity(Path path, List<Selectivity> selectivities) {
    AtomicFile.write(
        path,
        out -> {
          final CsvWriter csv = writer(out);
          csv.writeRecord("measure", "layer", "unit", "position", "value", "index", "class");
          for (final Selectivity one : selectivities) {
            for (final UnitSelectivity unit : one.units()) {
              csv.writeRecord(
                  one.measure().text(),
                  one.layer(),
                  Integer.toString(unit.unit()),
                  Integer.toString(unit.position()),
                  number(unit.value()),
                  number(unit.index()),
                  unit.best() < 0 ? "" : Integer.toString(unit.best()));
            }
          }
          csv.flush();
        });
  }

  /** Writes {@code dead-units.csv}: one line for each activation layer. */
  public static void deadUnits(Path path, List<DeadUnits> layers) {
    AtomicFile.write(
        path,
        out -> {
          final CsvWriter csv = writer(out);
          csv.writeRecord("layer", "units", "dead", "silent", "share", "span", "images");
          for (final DeadUnits layer : layers) {
            csv.writeRecord(
                layer.layer(),
                Integer.toString(layer.units()),
                Integer.toString(layer.dead()),
                Integer.toString(layer.silent()),
                number(layer.share()),
                number(layer.span()),
                Long.toString(layer.images()));
          }
          csv.flush();
        });
  }

  @SuppressWarnings("resource") // AtomicFile closes what is beneath
  private static CsvWriter writer(Writer out) {
    return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  private static String numbers(List<Double> values) {
    return values.stream().map(AnalysisFiles::number).collect(Collectors.joining(" "));
  }
}

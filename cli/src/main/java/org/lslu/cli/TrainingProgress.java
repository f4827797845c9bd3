package org.lslu.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.lslu.train.report.AverageMetrics;
import org.lslu.train.report.EpochMetrics;
import org.lslu.train.run.RunDirectory;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.RunSettings;
import org.lslu.train.run.TrainingListener;
import picocli.CommandLine;

/** Shows a training: a bar an epoch in a terminal, a line an epoch elsewhere. */
final class TrainingProgress implements TrainingListener {
  private static final int REFRESH_MILLISECONDS = 250;

  private final PrintWriter out;
  private final boolean isTerminal;
  private @Nullable ProgressBar bar;
  private int epochs;
  private long began;
  private OptionalDouble firstStep = OptionalDouble.empty(); // seconds after the command
  private double trained; // seconds of all epochs
  private double waited; // seconds of these that the network waited for images

  private TrainingProgress(PrintWriter out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  static TrainingProgress on(CommandLine command) {
    return new TrainingProgress(
        command.getOut(), System.console() != null && System.console().isTerminal());
  }

  @Override
  public void started(RunFile run, long parameters, List<String> notes) {
    began = System.nanoTime();
    final RunSettings settings = run.settings();
    say(
        "%s, width %s, %,d parameters, activation %s",
        settings.network().model(),
        settings.network().width(),
        parameters,
        settings.activation().function().id());
    say("%s: %s", run.images().name(), run.images().description());
    notes.forEach(note -> say("%s", note));
    out.flush();
  }

  @Override
  public void epochStarted(int epoch, int ofEpochs, int firstBatch, int batches) {
    epochs = ofEpochs;
    if (isTerminal) {
      final ProgressBar made =
          new ProgressBarBuilder()
              .setTaskName("epoch %d/%d".formatted(epoch, ofEpochs))
              .setInitialMax(batches)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(REFRESH_MILLISECONDS)
              .clearDisplayOnFinish()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
      made.stepTo(firstBatch);
      bar = made;
    }
  }

  @Override
  public void stepped(Step step) {
    if (firstStep.isEmpty()) {
      firstStep = LauncherClock.seconds();
    }
    final ProgressBar shown = bar;
    if (shown != null) {
      shown.step();
      shown.setExtraMessage(
          String.format(
              Locale.ROOT,
              " loss %.3f  top-1 %.1f %%  lr %.2g  %,.0f images/s  waiting %.1f %%",
              step.loss(),
              100 * step.top1(),
              step.learningRate(),
              step.imagesPerSecond(),
              100 * step.waiting()));
    }
  }

  @Override
  public void epochEnded(EpochMetrics metrics, boolean isBest) {
    closeBar();
    trained += metrics.seconds();
    waited += metrics.waiting() * metrics.seconds();
    say(
        "epoch %d/%d  loss %.4f  top-1 %.2f %%  %s  lr %.2g  %,.0f images/s  waiting %.1f %%"
            + "  %.1f s%s",
        metrics.epoch(),
        epochs,
        metrics.trainingLoss(),
        100 * metrics.trainingTop1(),
        Double.isFinite(metrics.validationTop1())
            ? heldOut(metrics.validationLoss(), metrics.validationTop1(), metrics.validationTop5())
            : "not evaluated",
        metrics.learningRate(),
        metrics.imagesPerSecond(),
        100 * metrics.waiting(),
        metrics.seconds(),
        isBest ? "  best" : "");
    out.flush();
  }

  @Override
  public void averageEvaluated(AverageMetrics metrics, boolean isBest) {
    closeBar();
    say(
        "average %s: %s%s",
        metrics.decay(),
        heldOut(metrics.validationLoss(), metrics.validationTop1(), metrics.validationTop5()),
        isBest ? "  best" : "");
    out.flush();
  }

  private static String heldOut(double loss, double top1, double top5) {
    return String.format(
        Locale.ROOT,
        "held out: loss %.4f  top-1 %.2f %%  top-5 %.2f %%",
        loss,
        100 * top1,
        100 * top5);
  }

  @Override
  public void shaped(String hinges) {
    if (!hinges.isEmpty()) {
      say("  %s", hinges);
      out.flush();
    }
  }

  @Override
  public void warned(String sentence) {
    closeBar();
    say("warning: %s", sentence);
    out.flush();
  }

  void finished(EpochMetrics best, int done, RunDirectory directory) {
    if (done < epochs) {
      say("ended after epoch %d of %d: no new best for long enough", done, epochs);
    }
    say(
        "best top-1 %.2f %% (epoch %d) after %.0f s, waiting for images %.1f %%%s; report: %s",
        100 * best.validationTop1(),
        best.epoch(),
        (System.nanoTime() - began) / 1e9,
        trained > 0 ? 100 * waited / trained : 0,
        firstStep.isPresent()
            ? String.format(
                Locale.ROOT, ", first step %.2f s after the command", firstStep.getAsDouble())
            : "",
        directory.report());
    out.flush();
  }

  void stopped(int epoch, int batch, RunDirectory directory) {
    closeBar();
    say(
        "stopped in epoch %d before batch %d, checkpoint written; go on with: lslu train --resume"
            + " %s",
        epoch, batch + 1, directory.path());
    out.flush();
  }

  /** Ends a bar that a failure would leave on the screen. */
  void closeBar() {
    final ProgressBar shown = bar;
    if (shown != null) {
      shown.close();
      bar = null;
    }
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}

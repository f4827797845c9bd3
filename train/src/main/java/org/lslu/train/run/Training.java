package org.lslu.train.run;

import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.lslu.function.UserException;
import org.lslu.torch.Autograd;
import org.lslu.torch.LibTorch;
import org.lslu.torch.ProcessorFeatures;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.FirstNonFinite;
import org.lslu.torch.layer.NamedParameter;
import org.lslu.torch.layer.ParameterRole;
import org.lslu.torch.optimiser.AdamW;
import org.lslu.torch.optimiser.Lamb;
import org.lslu.torch.optimiser.Optimiser;
import org.lslu.torch.optimiser.ParameterGroup;
import org.lslu.torch.optimiser.Sgd;
import org.lslu.train.data.Batch;
import org.lslu.train.data.BatchSettings;
import org.lslu.train.data.Batches;
import org.lslu.train.data.DataSet;
import org.lslu.train.data.Normalisation;
import org.lslu.train.report.EpochMetrics;

/**
 * The training loop.
 *
 * <p>After every epoch the network is evaluated, {@code metrics.csv} and {@code activations.csv}
 * get their lines, and the checkpoint is written; a run that is stopped in between goes on, bit for
 * bit where it was with the same number of threads, from the step at which it stopped.
 */
public final class Training {
  private final RunDirectory directory;
  private final RunFile run;
  private final DataSet data;
  private final Model model;
  private final Normalisation normalisation;
  private final Optimiser optimiser;
  private final MovingAverages averages;
  private final Realignment realignment;
  private final Guards guards;
  private final Objective objective;
  private final LearningRates rates;
  private final int batchesPerEpoch;
  private final ActivationWatch watch;
  private final HeldOut heldOut;
  private final TrainingListener listener;
  private final StopSignal stop;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Progress progress;

  /** Training images of the epoch in hand that this process has seen: not those before a resume. */
  private long seen;

  /** Share of the time of those images that the network waited for them. */
  private double waiting;

  private Training(
      RunDirectory directory,
      RunFile run,
      DataSet data,
      Progress progress,
      TrainingListener listener,
      StopSignal stop) {
    this.directory = directory;
    this.run = run;
    this.data = data;
    this.progress = progress;
    this.listener = listener;
    this.stop = stop;
    PrecisionCheck.require(
        run.settings().training().precision(), ProcessorFeatures.bfloat16(), Machine.processor());
    model = Model.create(run.settings(), run.images());
    notes.addAll(model.network().notes());
    notes.addAll(UnusedSettings.of(run.settings(), model));
    if (Files.notExists(directory.last())) { // else the weights are those of the checkpoint
      notes.addAll(fineTuned(run.settings(), model));
    }
    normalisation = run.images().normalisation();
    optimiser = optimiser(run.settings().optimiser(), model);
    averages = new MovingAverages(model.network(), run.settings().evaluation().averages());
    realignment = new Realignment(model, run.settings().activations().realign());
    guards = new Guards(model, run.settings().activations());
    objective = new Objective(run.settings().loss());
    batchesPerEpoch = batches().batches(data.train().size());
    rates =
        new LearningRates(
            run.settings(), Math.ceilDiv(batchesPerEpoch, run.settings().training().accumulate()));
    watch = new ActivationWatch(model);
    heldOut = new HeldOut(directory, run, model, data.validation(), listener);
  }

  private static List<String> fineTuned(RunSettings settings, Model model) {
    final String source = settings.network().finetune();
    return source.isEmpty()
        ? List.of()
        : new FineTuning(source).apply(model, settings.training().decayEpochs());
  }

  private static Optimiser optimiser(RunSettings.Optimiser wanted, Model model) {
    final List<ParameterGroup> groups =
        ParameterGroup.of(
            model.network(),
            new ParameterGroup.Rules(
                wanted.weightDecay(),
                wanted.activationRate(),
                wanted.activationDecay(),
                wanted.layerDecay()));
    final double rate = wanted.learningRate();
    return switch (wanted.name()) {
      case "sgd" -> new Sgd(groups, rate, wanted.momentum(), wanted.momentum() > 0);
      case "lamb" ->
          new Lamb(groups, rate, AdamW.BETA1, AdamW.BETA2, own(wanted.epsilon(), Lamb.EPSILON));
      default ->
          new AdamW(groups, rate, AdamW.BETA1, AdamW.BETA2, own(wanted.epsilon(), AdamW.EPSILON));
    };
  }

  private static double own(double wanted, double usual) {
    return wanted == 0 ? usual : wanted;
  }

  /** How a training ended. */
  public sealed interface Outcome {
    /**
     * All epochs are done, or enough evaluations brought no new best.
     *
     * @param best the best epoch
     * @param epochs how many were done: fewer than planned where the training ended early
     */
    record Finished(EpochMetrics best, int epochs) implements Outcome {}

    /**
     * It was asked to stop, and has written a checkpoint.
     *
     * @param epoch the epoch in which it stopped, from 1
     * @param batch the batch of that epoch with which it will go on, from 0
     */
    record Stopped(int epoch, int batch) implements Outcome {}
  }

  /**
   * Prepares a new run: reads the data, makes the network, writes run.toml.
   *
   * @param directory an empty directory
   * @param environment where it runs
   * @throws UserException where data, settings or directory do not serve
   */
  public static Training start(
      RunDirectory directory,
      RunSettings settings,
      RunFile.Environment environment,
      TrainingListener listener,
      StopSignal stop) {
    LibTorch.start();
    try {
      final DataSet data = settings.data().load();
      final RunFile run = new RunFile(settings, RunFile.Images.of(data), environment);
      final Training training =
          new Training(directory, run, data, Progress.start(), listener, stop);
      directory.write(run);
      directory.activations().append(training.watch.values(0));
      return training;
    } catch (RuntimeException problem) {
      directory.removeIfEmpty(); // so that the same command works once its cause is mended
      throw problem;
    }
  }

  /**
   * Prepares a run to go on from its last checkpoint.
   *
   * @param directory of a run that was started before
   * @throws UserException where it has no checkpoint or the data is not what it was
   */
  public static Training resume(
      RunDirectory directory, TrainingListener listener, StopSignal stop) {
    LibTorch.start();
    final RunFile run = directory.read();
    final DataSet data = run.settings().data().load();
    requireSame(data, run, directory);
    final Training training = new Training(directory, run, data, Progress.start(), listener, stop);
    if (Files.exists(directory.last())) {
      training.progress =
          Checkpoint.read(
              directory.last(),
              training.model,
              training.optimiser,
              training.averages,
              training.realignment);
    }
    directory.metrics().truncateAfter(training.progress.epoch() - 1);
    directory.activations().truncateAfter(training.progress.epoch() - 1);
    directory.averages().truncateAfter(training.progress.epoch() - 1);
    directory.inputs().truncateAfter(training.progress.epoch() - 1);
    return training;
  }

  /** Other images would be other batches: the run could not go on where it stopped. */
  private static void requireSame(DataSet data, RunFile run, RunDirectory directory) {
    if (!data.shape().equals(run.images().shape())
        || !data.classNames().equals(run.images().classes())) {
      throw UserException.failure(
          "the run in %s was trained on %s with %d classes, but %s now holds %s with %d"
              .formatted(
                  directory.path(),
                  run.images().shape(),
                  run.images().classes().size(),
                  run.settings().data().source(),
                  data.shape(),
                  data.classes()));
    }
    if (!data.description().equals(run.images().description())) {
      throw UserException.failure(
          "the run in %s was trained on %s, but %s now holds %s"
              .formatted(
                  directory.path(),
                  run.images().description(),
                  run.settings().data().source(),
                  data.description()));
    }
  }

  /** What is run. */
  public RunFile run() {
    return run;
  }

  /** The network, as far as it is trained. */
  public Model model() {
    return model;
  }

  /** The images. */
  public DataSet data() {
    return data;
  }

  /** What the user must know, in sentences. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Trains to the last epoch or to a stop signal.
   *
   * @throws UserException where the loss is no longer finite, or a file cannot be written
   */
  public Outcome train() {
    final int epochs = run.settings().training().epochs();
    listener.started(run, model.network().parameterCount(), notes);
    data.notes().forEach(listener::warned);
    if (progress.epoch() > 1) {
      warnOfDeadLayers(progress.epoch() - 1); // of a run that goes on, or had ended already
    }
    try (BatchSupply supply = new BatchSupply(data.train(), normalisation, batches())) {
      for (int epoch = progress.epoch(); epoch <= epochs && !heldOut.isStale(); epoch++) {
        final long began = System.nanoTime();
        if (!epoch(epoch, supply)) {
          requireFiniteWeights();
          Checkpoint.write(directory.last(), progress, model, optimiser, averages, realignment);
          return new Outcome.Stopped(progress.epoch(), progress.batch());
        }
        if (epoch < epochs) {
          supply.prepare(epoch + 1, 0); // while this one is evaluated
        }
        end(epoch, began);
      }
    }
    return new Outcome.Finished(
        directory.metrics().read().stream()
            .filter(epoch -> Double.isFinite(epoch.validationTop1()))
            .max(Comparator.comparingDouble(EpochMetrics::validationTop1))
            .orElseThrow(),
        progress.epoch() - 1);
  }

  private BatchSettings batches() {
    final RunSettings.Augmentation augmentation = run.settings().augmentation();
    final RunSettings.Schedule schedule = run.settings().training();
    final BatchSettings settings =
        BatchSettings.training(schedule.batch(), augmentation.forImages(), schedule.seed())
            .withMixing(augmentation.mixing());
    // A last batch of one image has no variance for batch norm to normalise by.
    return data.train().size() % schedule.batch() == 1 && data.train().size() > schedule.batch()
        ? settings.droppingLast()
        : settings;
  }

  /** Runs the rest of an epoch; false where the stop signal cut it short. */
  private boolean epoch(int epoch, BatchSupply supply) {
    final long began = System.nanoTime();
    final int first = progress.batch();
    final int accumulate = run.settings().training().accumulate();
    model.slope(rates.slope(epoch));
    realignment.begin(epoch);
    guards.begin();
    try (Batches batches = supply.take(epoch, first)) {
      final long opened = System.nanoTime() - began; // the network waits for that as well
      listener.epochStarted(epoch, run.settings().training().epochs(), first, batches.count());
      seen = 0;
      waiting = 0;
      while (batches.hasNext()) {
        // Gradients are not in the checkpoint: it is written between steps only.
        if (stop.isRaised() && progress.batch() % accumulate == 0) {
          return false;
        }
        final Batch batch = batches.next();
        final double rate = rates.at(progress.step());
        backward(batch, rate);
        final boolean steps = (batch.number() + 1) % accumulate == 0 || !batches.hasNext();
        if (steps) {
          step(rate);
        }
        progress = progress.passed(steps);
        seen += batch.count();
        final double seconds = (System.nanoTime() - began) / 1e9;
        waiting = (opened + batches.waitedNanos()) / 1e9 / seconds;
        listener.stepped(
            new TrainingListener.Step(
                batch.number(),
                progress.tally().meanLoss(),
                progress.tally().share(),
                rate,
                seen / seconds,
                waiting));
      }
    }
    return true;
  }

  /** Adds a batch's gradients to what is there. */
  private void backward(Batch batch, double rate) {
    // Dropout draws from LibTorch's generator: seeded by the batch, it draws the same after a
    // resume.
    final long passed = (progress.epoch() - 1L) * batchesPerEpoch + batch.number();
    torch.manual_seed(run.settings().training().seed() * 1_000_003 + passed);
    try (PointerScope scope = new PointerScope()) {
      final Tensor logits = model.logits(batch); // N×classes
      final Tensor labels = Model.labels(batch); // N
      final Tensor loss = objective.loss(logits, labels, batch.share());
      final double value = loss.item_double();
      if (!Double.isFinite(value)) {
        throw diverged("loss", value, progress.step() + 1, rate, culprit(batch));
      }
      final int together = together(batch.number());
      Autograd.backward(together == 1 ? loss : loss.div(new Scalar(together)));
      try (NoGradGuard off = new NoGradGuard()) {
        progress.tally().add(logits.detach(), labels, value);
      }
    }
  }

  /** How many batches make the step that a batch belongs to; fewer at the end of an epoch. */
  private int together(int batch) {
    final int accumulate = run.settings().training().accumulate();
    return Math.min(accumulate, batchesPerEpoch - batch / accumulate * accumulate);
  }

  private void step(double rate) {
    final RunSettings.Optimiser settings = run.settings().optimiser();
    final RunSettings.Activations activations = run.settings().activations();
    if (progress.epoch() <= Math.max(activations.freeze(), activations.realign())) {
      // Without a gradient a parameter gets no step and no state, and the norm below leaves it out.
      optimiser.zeroGradients(ParameterRole::ofActivation);
    } else if (activations.clip() > 0) {
      optimiser.clip(activations.clip(), ParameterRole::ofActivation);
    }
    if (settings.clip() > 0) {
      optimiser.clip(settings.clip());
    }
    optimiser.learningRate(rate);
    if (settings.weightDecay() > 0) {
      optimiser.weightDecayFactor(rates.weightDecay(progress.step()) / settings.weightDecay());
    }
    optimiser.step();
    optimiser.zeroGradients();
    model.activations().forEach(ActivationLayer::project);
    guards.project();
    averages.update();
  }

  /** Which layer it came from, where it did not come from the last one's finite outputs. */
  private String culprit(Batch batch) {
    return FirstNonFinite.in(model.network(), Model.images(batch))
        .map(layer -> "; the first output that is not finite is that of %s".formatted(layer))
        .orElse("");
  }

  private UserException diverged(String what, double loss, long step, double rate) {
    return diverged(what, loss, step, rate, "");
  }

  private UserException diverged(String what, double loss, long step, double rate, String origin) {
    final String checkpoint =
        Files.exists(directory.last())
            ? "the last good checkpoint is " + directory.last()
            : "no checkpoint had been written";
    return UserException.failure(
        "the %s became %s at step %d (epoch %d) with learning rate %.3g; %s. Try a lower --lr%s"
            .formatted(what, loss, step, progress.epoch(), rate, checkpoint, origin));
  }

  /** A step can break the weights though its loss was finite; they must not replace good ones. */
  private void requireFiniteWeights() {
    brokenParameter()
        .ifPresent(
            name -> {
              throw diverged(
                  "parameter " + name,
                  Double.NaN,
                  progress.step(),
                  rates.at(Math.max(0, progress.step() - 1)));
            });
  }

  /** The first parameter with a value that is not finite. */
  private Optional<String> brokenParameter() {
    for (final NamedParameter parameter : model.network().parameters()) {
      try (PointerScope scope = new PointerScope()) {
        if (!parameter.tensor().isfinite().all().item_bool()) {
          return Optional.of(parameter.name());
        }
      }
    }
    return Optional.empty();
  }

  private void end(int epoch, long began) {
    final double trained = (System.nanoTime() - began) / 1e9;
    final Evaluation.Tally tally = progress.tally();
    final RunSettings settings = run.settings();
    final boolean evaluates = settings.evaluation().evaluates(epoch, settings.training().epochs());
    final Evaluation evaluation = evaluates ? heldOut.evaluate() : Evaluation.notTaken();
    if (evaluates && !Double.isFinite(evaluation.loss())) {
      // The last step broke the weights: they must not replace the last good checkpoint.
      throw diverged(
          "held-out loss",
          evaluation.loss(),
          progress.step(),
          rates.at(progress.step() - 1),
          brokenParameter().map("; %s is not finite"::formatted).orElse(""));
    }
    if (evaluates) {
      heldOut.evaluateAverages(averages, progress);
    } else {
      requireFiniteWeights();
    }
    final EpochMetrics metrics =
        new EpochMetrics(
            epoch,
            progress.step(),
            tally.meanLoss(),
            tally.share(),
            evaluation.loss(),
            evaluation.top1(),
            evaluation.top5(),
            rates.at(progress.step() - 1),
            seen / trained,
            (System.nanoTime() - began) / 1e9,
            waiting);
    guards.poles().forEach(sentence -> warn(epoch, sentence));
    warnOfDeadLayers(epoch);
    directory.activations().append(watch.values(epoch));
    directory.inputs().append(InputWatch.of(model, run, data.validation(), epoch));
    directory.metrics().append(metrics);
    final boolean isBest = evaluation.top1() > progress.bestTop1();
    progress = progress.nextEpoch(isBest ? evaluation.top1() : progress.bestTop1());
    if (isBest) {
      Checkpoint.writeWeights(directory.best(), progress, model);
    }
    realignment.end(epoch, averages);
    Checkpoint.write(directory.last(), progress, model, optimiser, averages, realignment);
    listener.epochEnded(metrics, isBest);
    listener.shaped(watch.hinges(epoch));
  }

  private void warnOfDeadLayers(int epoch) {
    for (final String sentence : watch.dead()) {
      if (!warnings.contains(sentence)) {
        warn(epoch, sentence);
      }
    }
  }

  private void warn(int epoch, String sentence) {
    warnings.add(sentence);
    listener.warned("after epoch " + epoch + " " + sentence);
  }

  /** The time as run.toml has it. */
  public static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lslu.torch.LibTorch;
import org.lslu.train.data.DataPart;
import org.lslu.train.report.ConfusionMatrix;
import org.lslu.train.report.Mistake;

class AnswersTest {
  @TempDir Path directory;

  @BeforeAll
  static void start() {
    LibTorch.start();
  }

  @Test
  void answer_isTheGreatest_andWrongWhereSeveralAre() {
    assertThat(Answers.answer(new float[] {1, 3, 2}, 1)).isEqualTo(1);
    assertThat(Answers.answer(new float[] {1, 3, 2}, 0)).isEqualTo(1);
    assertThat(Answers.answer(new float[] {3, 3, 2}, 0)).isEqualTo(1);
    assertThat(Answers.answer(new float[] {0, 0, 0}, 0)).isEqualTo(1);
    assertThat(Answers.answer(new float[] {Float.NaN, 0, 1}, 0)).isEqualTo(2);
    assertThat(Answers.answer(new float[] {Float.NaN, 0, 1}, 2)).isEqualTo(2);
    assertThat(Answers.answer(new float[] {5}, 0)).isZero();
  }

  @Test
  void answer_isRight_whereTop1Says() {
    final long seed = 31;
    final Random random = new Random(seed);
    final float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1, 2};
    for (int k = 0; k < 500; k++) {
      final float[] logits = new float[4];
      for (int c = 0; c < 4; c++) {
        logits[c] = special[random.nextInt(k < 250 ? 5 : 3) + (k < 250 ? 0 : 2)];
      }
      final int label = random.nextInt(4);
      final Evaluation.Tally tally = new Evaluation.Tally();
      try (PointerScope scope = new PointerScope()) {
        tally.add(
            Tensor.create(logits, 1, 4), Tensor.create(new long[] {label}, new long[] {1}), 0);
      }
      assertThat(Answers.answer(logits, label) == label)
          .as("seed %d, case %d", seed, k)
          .isEqualTo(tally.right() == 1);
    }
  }

  @Test
  void probability_isSoftmax() {
    final float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};
    assertThat(Answers.probability(logits, 0)).isCloseTo(0.125, within(1e-7));
    assertThat(Answers.probability(logits, 2)).isCloseTo(0.625, within(1e-7));
    assertThat(Answers.probability(new float[] {1000, 0}, 0)).isEqualTo(1);
    assertThat(Answers.probability(new float[] {1, Float.NaN}, 0)).isNaN();
  }

  @Test
  void answers_agreeWithTheEvaluation_andTheirOwnPictures() {
    final SmallRun runs = SmallRun.in(directory.resolve("data"));
    // One epoch, so that mistakes are left.
    SmallRun.finish(directory.resolve("run"), runs.vanillaNet(1, 5));
    final TrainedRun run = TrainedRun.open(directory.resolve("run"));
    final Answers answers = run.answers("", DataPart.VAL);
    assertThat(answers.evaluation()).isEqualTo(run.evaluate(""));
    final ConfusionMatrix matrix = answers.confusion();
    assertThat(matrix.accuracy()).isCloseTo(answers.evaluation().top1(), within(1e-12));
    for (int c = 0; c < SmallRun.CLASSES; c++) {
      assertThat(matrix.images(c)).isEqualTo(SmallRun.HELD_OUT / SmallRun.CLASSES);
    }

    final List<Mistake> all = answers.mistakes(1000);
    assertThat(all)
        .hasSize(SmallRun.HELD_OUT - (int) Math.round(33 * answers.evaluation().top1()))
        .isNotEmpty()
        .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
    assertThat(answers.mistakes(2)).isEqualTo(all.subList(0, 2));
    for (final Mistake mistake : all) {
      assertThat(mistake.truth()).isNotEqualTo(mistake.predicted());
      assertThat(mistake.origin()).isEqualTo("image " + mistake.image());
      // One image alone gets the answer that it got in its batch.
      final Answers alone =
          Answers.of(
              run.model(),
              answers.images().subset(mistake.image()),
              run.run().images().normalisation());
      assertThat(alone.predicted(0)).isEqualTo(answers.predicted(mistake.image()));
      assertThat(alone.probability(0)).isCloseTo(mistake.probability(), within(1e-5));
    }
    assertThat(run.answers("", DataPart.TRAIN).evaluation().images()).isEqualTo(SmallRun.TRAINING);
  }
}

package org.lslu.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lslu.function.FunctionChoice;
import org.lslu.function.UserException;
import org.lslu.train.data.ImageSet;
import org.lslu.train.data.Normalisation;

class AttackTest {
  private static final long SEED = 3;
  @TempDir private Path temporary;
  private TrainedRun run;
  private ImageSet images;
  private Normalisation normalisation;

  @BeforeEach
  void train() {
    final SmallRun runs = SmallRun.in(temporary.resolve("data"));
    final Path path = temporary.resolve("run");
    SmallRun.finish(path, runs.mlp(FunctionChoice.of("lslu"), 6));
    run = TrainedRun.open(path);
    images = run.heldOut("");
    normalisation = run.run().images().normalisation();
  }

  private Evaluation attacked(Attack.Method method, double epsilon) {
    return new Attack(method, epsilon, 7, SEED).evaluate(run.model(), images, normalisation);
  }

  @ParameterizedTest
  @EnumSource(Attack.Method.class)
  void epsilonZero_givesTheCleanAccuracyToTheLastBit(Attack.Method method) {
    assertThat(attacked(method, 0))
        .as("seed %d", SEED)
        .isEqualTo(Evaluation.of(run.model(), images, normalisation));
  }

  @Test
  void attacks_lowerTheAccuracy_andSeveralStepsDoNoLessThanOne() {
    final Evaluation clean = run.evaluate("");
    final Evaluation fgsm = attacked(Attack.Method.FGSM, 0.15);
    final Evaluation pgd = attacked(Attack.Method.PGD, 0.15);

    assertThat(clean.top1()).as("without an attack").isGreaterThan(0.9);
    assertThat(fgsm.top1()).as("fgsm").isLessThan(clean.top1() - 0.2);
    assertThat(fgsm.loss()).isGreaterThan(clean.loss());
    assertThat(pgd.loss()).as("pgd, seed %d", SEED).isGreaterThan(0.95 * fgsm.loss());
  }

  @ParameterizedTest
  @EnumSource(Attack.Method.class)
  void changedImages_stayNearAndWithinThePixels(Attack.Method method) {
    final double epsilon = 0.07;
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(SEED);
      final Tensor pixels = torch.rand(9, 1, 16, 16); // N×C×H×W, some of them near 0 and 1
      final double mean = normalisation.mean()[0];
      final double deviation = normalisation.deviation()[0];
      final Tensor x = Model.channelsLast(scaled(pixels, 1 / deviation, -mean / deviation));
      final Tensor labels = torch.zeros(9).to(torch.ScalarType.Long);
      run.model().network().training(false);
      final Tensor changed =
          new Attack(method, epsilon, 5, SEED).attacked(run.model(), x, labels, normalisation, 0);
      final Tensor after = scaled(changed, deviation, mean);

      assertThat(after.sub(pixels).abs().max().item_double()).isLessThan(epsilon + 1e-6);
      assertThat(after.sub(pixels).abs().mean().item_double()).isGreaterThan(epsilon / 4);
      assertThat(after.min().item_double()).isGreaterThan(-1e-6);
      assertThat(after.max().item_double()).isLessThan(1 + 1e-6);
      run.model().network().training(true);
    }
  }

  private static Tensor scaled(Tensor x, double factor, double shift) {
    try (NoGradGuard off = new NoGradGuard()) {
      return x.mul(new Scalar(factor)).add(new Scalar(shift));
    }
  }

  @Test
  void pgd_isTheSameBySeedAndNotByAnother() {
    final Attack attack = new Attack(Attack.Method.PGD, 0.05, 3, SEED);
    final Evaluation one = attack.evaluate(run.model(), images, normalisation);

    assertThat(attack.evaluate(run.model(), images, normalisation)).isEqualTo(one);
    assertThat(
            new Attack(Attack.Method.PGD, 0.05, 3, SEED + 1)
                .evaluate(run.model(), images, normalisation)
                .loss())
        .isNotEqualTo(one.loss());
  }

  @Test
  void attack_leavesNoGradientsBehind() {
    attacked(Attack.Method.FGSM, 0.1);
    assertThat(run.model().network().parameters())
        .noneMatch(parameter -> parameter.tensor().grad().defined());
  }

  @Test
  void curve_isOnePointAnAttack_andAPage() {
    final Robustness robustness =
        Robustness.of(
            run,
            images,
            List.of(
                new Attack(Attack.Method.FGSM, 0, 1, SEED),
                new Attack(Attack.Method.FGSM, Robustness.epsilon("8/255"), 1, SEED)),
            _ -> {});
    final Path page = temporary.resolve("attack.html");
    robustness.page("A network under attack", "a test").write(page);

    assertThat(robustness.points()).hasSize(2);
    assertThat(page).content().contains("8/255", "Top-1 under attack", "0/255");
  }

  @Test
  void epsilon_isReadAsFractionOrNumber() {
    assertThat(Robustness.epsilon("2/255")).isCloseTo(2 / 255.0, within(1e-15));
    assertThat(Robustness.epsilon("0.03")).isEqualTo(0.03);
    assertThat(Robustness.name(4 / 255.0)).isEqualTo("4/255");
    assertThat(Robustness.name(0.03)).isEqualTo("0.03000");
    assertThatExceptionOfType(UserException.class).isThrownBy(() -> Robustness.epsilon("2/x"));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> new Attack(Attack.Method.FGSM, 2, 1, SEED));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> Attack.Method.parse("deepfool"));
  }
}

package org.lslu.train.run;

import java.util.Optional;
import org.lslu.function.UserException;
import org.lslu.torch.layer.Precision;

/**
 * Whether training in a precision makes sense on a processor.
 *
 * <p>LibTorch computes in bfloat16 on any processor. Without instructions for it that takes longer
 * than float32, many times longer where LibTorch has no kernels of its own either: a run that is
 * slow for that reason is refused and not merely warned of, since nobody wants it.
 */
final class PrecisionCheck {
  private PrecisionCheck() {}

  /**
   * Refuses bfloat16 where the processor has no instructions for it.
   *
   * @param precision as run.toml has it
   * @param instructions those for bfloat16
   * @param processor its name
   * @throws UserException where they are wanted and not there
   */
  static void require(String precision, Optional<String> instructions, String processor) {
    if (Precision.parse(precision) == Precision.BFLOAT16 && instructions.isEmpty()) {
      throw UserException.argument(
          ("--precision bf16 needs a processor with avx512_bf16 or amx_bf16, and %s has neither, so"
                  + " that float32 is faster here: leave the option out, or go on with a run that was"
                  + " started with it after writing precision = 'float32' into its run.toml")
              .formatted(processor));
    }
  }
}

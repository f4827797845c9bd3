package org.lslu.train.run;

import java.util.ArrayList;
import java.util.List;
import org.lslu.function.UserException;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.torch.weights.PretrainedWeights;
import org.lslu.torch.weights.PretrainedWeights.Matching;

/**
 * Begins a training with the weights of a file that was written elsewhere, instead of random ones.
 *
 * @param source a {@code .safetensors} file or what PyTorch's {@code torch.save} writes; {@code
 *     FILE#KEY} for one of the networks of a checkpoint
 */
record FineTuning(String source) {
  /**
   * Gives a network the weights of the file; its classifier stays new where the file's is for other
   * classes.
   *
   * @param model the network with its initial weights
   * @param decayEpochs epochs over which the slope between paired convolutions is to rise from 0; 0
   *     for none
   * @return what was done, in sentences for the user
   * @throws UserException if the file is damaged, holds code, or is of another network
   */
  List<String> apply(Model model, double decayEpochs) {
    final List<String> sentences =
        new ArrayList<>(
            PretrainedWeights.load(source, model.network(), Matching.STRICT).sentences());
    if (decayEpochs > 0 && hasSlopes(model)) {
      sentences.add(
          "Deep training makes the paired convolutions non-linear again, though a network that was"
              + " trained to the end has them linear; leave out --decay-epochs to keep its function.");
    }
    return List.copyOf(sentences);
  }

  private static boolean hasSlopes(Model model) {
    return model.network().walk().anyMatch(LeakySlope.class::isInstance);
  }
}

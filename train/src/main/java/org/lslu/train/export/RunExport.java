package org.lslu.train.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.lslu.function.UserException;
import org.lslu.torch.deploy.DeployedNetwork;
import org.lslu.torch.deploy.OnnxNetwork;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.weights.PublishedNames;
import org.lslu.torch.weights.PyTorchFile;
import org.lslu.torch.weights.Safetensors;
import org.lslu.train.run.RunFile;
import org.lslu.train.run.TrainedRun;

/** Writes a run's network to files that are used without the run. */
public final class RunExport {
  private final TrainedRun trained;

  /** Exports from a run. */
  public RunExport(TrainedRun trained) {
    this.trained = trained;
  }

  /**
   * Writes an ONNX model that has been run in ONNX Runtime first: the file appears only where its
   * logits are those of the trained network.
   *
   * @param file the file, which is replaced
   * @param isDeployed whether it is to hold the {@link DeployedNetwork} or the network layer by
   *     layer
   * @return how far the model and the trained network agree, on noise
   * @throws UserException if they do not agree, or the file cannot be written
   */
  public Agreement onnx(Path file, boolean isDeployed) {
    final RunFile.Images images = trained.run().images();
    final ModelCard card = ModelCard.of(trained, isDeployed);
    final Layer network = trained.model().network();
    final Path target = file.toAbsolutePath();
    final Path unverified = target.resolveSibling(target.getFileName() + ".unverified");
    OnnxNetwork.of(
            isDeployed ? DeployedNetwork.of(network) : network,
            card.model(),
            new OnnxNetwork.Signature(
                images.channels(), images.height(), images.width(), images.classes().size()),
            card.metadata())
        .write(unverified);
    try {
      final Agreement agreement = verify(unverified, network, images);
      Files.move(
          unverified, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return agreement;
    } catch (IOException problem) {
      throw UserException.failure("%s cannot be written (%s)".formatted(file, problem), problem);
    } finally {
      discard(unverified);
    }
  }

  private static Agreement verify(Path file, Layer network, RunFile.Images images) {
    final Classifier own = Classifier.of(network, images.shape());
    try (OnnxClassifier model = OnnxClassifier.open(file)) {
      final Agreement agreement = Agreement.onNoise(images.shape(), own, model);
      if (!agreement.isClose()) {
        throw UserException.failure(
            String.format(
                Locale.ROOT,
                "the model was not written: in ONNX Runtime its logits differ by %.2g from those of the network, and %.2g is allowed",
                agreement.largestDifference(),
                Agreement.TOLERANCE * Math.max(1, agreement.largestLogit())));
      }
      return agreement;
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException problem) {
      throw UserException.failure("%s cannot be deleted (%s)".formatted(file, problem), problem);
    }
  }

  /**
   * Writes the weights as safetensors, with what is to be known of them as metadata.
   *
   * @param file the file, which is replaced
   * @param isDeployed whether they are to be those of the {@link DeployedNetwork}
   * @throws UserException if it cannot be written
   */
  public void safetensors(Path file, boolean isDeployed) {
    final ModelCard card = ModelCard.of(trained, isDeployed);
    final Layer network = trained.model().network();
    if (isDeployed) {
      DeployedNetwork.of(network).write(file, card.metadata());
    } else {
      Safetensors.write(file, network.state(), card.metadata());
    }
  }

  /**
   * Writes the weights as {@code torch.save(model.state_dict(), file)} does, under the names of the
   * published code: {@code torch.load} reads them, with {@code weights_only=True} as well.
   *
   * @param file the file, which is replaced
   * @throws UserException if it cannot be written
   */
  public void pytorch(Path file) {
    try (PointerScope scope = new PointerScope()) {
      PyTorchFile.write(file, PublishedNames.ofNetwork(trained.model().network()));
    }
  }
}

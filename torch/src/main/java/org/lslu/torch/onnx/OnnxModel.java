package org.lslu.torch.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.lslu.function.UserException;

/**
 * An ONNX model, ready to be written or run.
 *
 * @param proto the model in the format's own terms
 */
public record OnnxModel(ModelProto proto) {
  /** The file's content. */
  public byte[] bytes() {
    return proto.toByteArray();
  }

  /**
   * Writes the model. A reader sees the old file or the new one, never a part.
   *
   * @throws UserException if it cannot be written
   */
  public void write(Path file) {
    final Path target = file.toAbsolutePath();
    final Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.write(part, bytes());
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException problem) {
      discard(part, problem);
      throw UserException.failure(
          "the model %s cannot be written (%s); name a file in a directory with write permission"
              .formatted(file, problem),
          problem);
    }
  }

  private static void discard(Path part, IOException cause) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException problem) {
      cause.addSuppressed(problem);
    }
  }
}

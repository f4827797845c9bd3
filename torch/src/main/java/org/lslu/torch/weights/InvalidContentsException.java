package org.lslu.torch.weights;

/** Says what is wrong with the contents of a weight file, as part of a sentence. */
final class InvalidContentsException extends Exception {
  InvalidContentsException(String message) {
    super(message);
  }
}

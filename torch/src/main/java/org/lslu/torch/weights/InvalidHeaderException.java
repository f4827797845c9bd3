package org.lslu.torch.weights;

/** Says what is wrong with the contents of a weight file, as part of a sentence. */
final class InvalidHeaderException extends Exception {
  InvalidHeaderException(String message) {
    super(message);
  }
}

package org.lslu.benchmark.kernels;

/** What is timed of each function. */
public enum Measure {
  /** A plain copy of x's bytes. */
  COPY("copy"),
  /** y = f(x) by the fused kernel alone. */
  FUSED_FORWARD("fusedForward"),
  /** dx and all parameter gradients by the fused kernel alone. */
  FUSED_BACKWARD("fusedBackward"),
  /** y = f(x) by LibTorch operations, without a graph. */
  LIBTORCH_FORWARD("libtorchForward"),
  /** Forward and backward of the layer through autograd. */
  FUSED_BOTH("fusedForwardBackward"),
  /** Forward and backward of the LibTorch operations through autograd. */
  LIBTORCH_BOTH("libtorchForwardBackward");

  private final String key;

  Measure(String key) {
    this.key = key;
  }

  /** Its name in JSON. */
  public String key() {
    return key;
  }
}

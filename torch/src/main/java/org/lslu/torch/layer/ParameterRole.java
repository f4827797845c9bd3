package org.lslu.torch.layer;

/** What a parameter is for: decides about weight decay and the learning rate. */
public enum ParameterRole {
  /** A weight of a convolution or a linear map: decayed. */
  WEIGHT(true),
  /** An additive constant: not decayed. */
  BIAS(false),
  /** Scale or shift of a normalisation: not decayed. */
  NORM(false),
  /**
   * A parameter of an activation function: not decayed, with a learning rate of its own by option.
   */
  ACTIVATION(false);

  private final boolean decayed;

  ParameterRole(boolean decayed) {
    this.decayed = decayed;
  }

  /** Whether weight decay applies by default. */
  public boolean decayed() {
    return decayed;
  }
}

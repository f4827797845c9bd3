package org.lslu.torch.layer;

/** What a parameter is for: decides about weight decay and the learning rate. */
public enum ParameterRole {
  /** A weight of a convolution or a linear map: decayed. */
  WEIGHT(true, false),
  /** An additive constant: not decayed. */
  BIAS(false, false),
  /** Scale or shift of a normalisation: not decayed. */
  NORM(false, false),
  /** A parameter of an activation function: not decayed, a learning rate of its own by option. */
  ACTIVATION(false, true),
  /** A parameter of an activation function that asks for decay. */
  DECAYED_ACTIVATION(true, true);

  private final boolean decayed;
  private final boolean ofActivation;

  ParameterRole(boolean decayed, boolean ofActivation) {
    this.decayed = decayed;
    this.ofActivation = ofActivation;
  }

  /** Whether weight decay applies by default. */
  public boolean decayed() {
    return decayed;
  }

  /** Whether the parameter belongs to an activation function. */
  public boolean ofActivation() {
    return ofActivation;
  }
}

package org.lslu.torch.layer;

import org.bytedeco.pytorch.Tensor;

/**
 * A trainable tensor of a layer.
 *
 * @param name its dotted name below the layer that was asked, such as {@code stem1.0.weight}
 * @param tensor the leaf itself, not a copy
 * @param role what it is for
 */
public record NamedParameter(String name, Tensor tensor, ParameterRole role) {}

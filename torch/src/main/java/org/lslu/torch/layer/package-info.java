/** Layers: a tree of Java objects whose parameters are LibTorch tensors. */
@NullMarked
package org.lslu.torch.layer;

import org.jspecify.annotations.NullMarked;

/** Activation functions, and what is built with them, as ONNX models of standard operators. */
@NullMarked
package org.lslu.torch.onnx;

import org.jspecify.annotations.NullMarked;

/** The suite {@code inference}: deployed networks in ONNX Runtime. */
@NullMarked
package org.lslu.benchmark.inference;

import org.jspecify.annotations.NullMarked;

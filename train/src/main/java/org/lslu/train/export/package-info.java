/** Takes trained networks out of their runs: deployed, as ONNX models, as weight files. */
@NullMarked
package org.lslu.train.export;

import org.jspecify.annotations.NullMarked;

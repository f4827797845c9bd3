package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import org.lslu.kernel.Instruction.Kind;

/**
 * Operations on vectors all of whose lanes follow the same parameter set: a table then lies in a
 * few registers, from which one instruction takes every lane's own entry.
 */
final class UniformLanes extends VectorLanes {
  /** A float of this size plus a small whole number has that number in its lowest bits. */
  private static final float WHOLE = 0x1p23f;

  // Called by generated code.

  /** The register with one more entry in its lane. */
  static IntVector laid(IntVector register, FloatVector entry, int lane) {
    return register.blend(
        entry.reinterpretAsInts(), VectorMask.fromLong(register.species(), 1L << lane));
  }

  @Override
  public int registers(int entries) {
    return Math.ceilDiv(entries, count());
  }

  @Override
  public void lay(CodeBuilder code, List<Runnable> entries, int first) {
    for (int register = 0; register < registers(entries.size()); register++) {
      final int from = register * count();
      entries.get(from).run();
      bits(code);
      for (int k = from + 1; k < Math.min(entries.size(), from + count()); k++) {
        entries.get(k).run();
        code.loadConstant(k - from)
            .invokestatic(
                desc(UniformLanes.class),
                "laid",
                MethodTypeDesc.of(INT_VECTOR, INT_VECTOR, FLOAT_VECTOR, CD_int));
      }
      code.astore(first + register);
    }
  }

  @Override
  public void pick(CodeBuilder code, Runnable cell, List<Runnable> entries, int table) {
    select(code, cell, table);
    for (int register = 1; register < registers(entries.size()); register++) {
      final float from = register * count();
      select(code, cell, table + register);
      compare(code, Kind.AT_LEAST, cell, () -> literal(code, from));
      code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    }
  }

  /** The entry of one register; the selection counts modulo the number of lanes. */
  private void select(CodeBuilder code, Runnable cell, int register) {
    cell.run();
    literal(code, WHOLE);
    compute(code, Kind.ADD);
    bits(code)
        .aload(register)
        .invokevirtual(INT_VECTOR, "selectFrom", MethodTypeDesc.of(INT_VECTOR, VECTOR));
    numbers(code);
  }
}

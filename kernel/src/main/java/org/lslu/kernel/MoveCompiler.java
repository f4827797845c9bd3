package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;

/** Compiles a {@link MoveLoop}; generated so that kernels load without the Vector API too. */
final class MoveCompiler {
  private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(CD_void, SEGMENT, CD_long, CD_long, SEGMENT, CD_long, CD_long, CD_int);

  // The arguments' places among the locals; 0 is the instance.
  private static final int IN = 1;
  private static final int IN_AT = 2;
  private static final int IN_STEP = 4;
  private static final int OUT = 6;
  private static final int OUT_AT = 7;
  private static final int OUT_STEP = 9;
  private static final int COUNT = 11;

  private MoveCompiler() {}

  static MoveLoop compile(LaneCode lanes) {
    return GeneratedClass.of(
        MoveLoop.class,
        type ->
            type.withMethodBody("move", TYPE, ClassFile.ACC_PUBLIC, code -> write(code, lanes)));
  }

  private static void write(CodeBuilder code, LaneCode lanes) {
    final Label top = code.newLabel();
    final Label end = code.newLabel();
    code.labelBinding(top).iload(COUNT).ifle(end);
    lanes.intoMemory(
        code,
        OUT,
        () -> code.lload(OUT_AT),
        () -> lanes.fromMemory(code, IN, () -> code.lload(IN_AT)));
    code.lload(IN_AT).lload(IN_STEP).ladd().lstore(IN_AT);
    code.lload(OUT_AT).lload(OUT_STEP).ladd().lstore(OUT_AT);
    code.iinc(COUNT, -1).goto_(top).labelBinding(end).return_();
  }
}

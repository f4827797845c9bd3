package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.lslu.kernel.Instruction.Kind;

/** Operations on one float at a time: for the tails of runs, and where there is no Vector API. */
final class ScalarLanes implements LaneCode {
  // Read by generated code. Unaligned, since a tensor may be a view that begins anywhere.
  static final ValueLayout.OfFloat LAYOUT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final ClassDesc HERE = desc(ScalarLanes.class);
  private static final ClassDesc SEGMENT = desc(MemorySegment.class);
  private static final ClassDesc LAYOUT_DESC = desc(ValueLayout.OfFloat.class);
  private static final ClassDesc BFLOAT16 = desc(Bfloat16.class);
  private static final ClassDesc MATH = desc(Math.class);
  private static final ClassDesc FLOAT = desc(Float.class);
  private static final MethodTypeDesc TO_FLOAT = MethodTypeDesc.of(CD_float, CD_int);

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void literal(CodeBuilder code, float value) {
    code.loadConstant(value);
  }

  @Override
  public void load(CodeBuilder code, int local) {
    code.fload(local);
  }

  @Override
  public void store(CodeBuilder code, int local) {
    code.fstore(local);
  }

  @Override
  public void storeMask(CodeBuilder code, int local) {
    code.istore(local);
  }

  @Override
  public void fromMemory(CodeBuilder code, int segment, Runnable offset) {
    code.aload(segment).getstatic(HERE, "LAYOUT", LAYOUT_DESC);
    offset.run();
    code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_float, LAYOUT_DESC, CD_long));
  }

  @Override
  public void intoMemory(CodeBuilder code, int segment, Runnable offset, Runnable value) {
    code.aload(segment).getstatic(HERE, "LAYOUT", LAYOUT_DESC);
    offset.run();
    value.run();
    code.invokeinterface(
        SEGMENT, "set", MethodTypeDesc.of(CD_void, LAYOUT_DESC, CD_long, CD_float));
  }

  @Override
  public void fromBfloat16(CodeBuilder code, int segment, Runnable offset) {
    code.aload(segment);
    offset.run();
    code.invokestatic(BFLOAT16, "get", MethodTypeDesc.of(CD_float, SEGMENT, CD_long));
  }

  @Override
  public void intoBfloat16(CodeBuilder code, int segment, Runnable offset, Runnable value) {
    value.run();
    code.aload(segment);
    offset.run();
    code.invokestatic(BFLOAT16, "set", MethodTypeDesc.of(CD_void, CD_float, SEGMENT, CD_long));
  }

  @Override
  public void fromArray(CodeBuilder code, int array, int first, int plus) {
    code.aload(array).iload(first).loadConstant(plus).iadd().faload();
  }

  @Override
  public void intoArray(CodeBuilder code, int array, int place, Runnable push) {
    code.aload(array).loadConstant(place);
    push.run();
    code.fastore();
  }

  @Override
  public void intoArray(CodeBuilder code, int array, int first, int plus, Runnable push) {
    code.aload(array).iload(first).loadConstant(plus).iadd();
    push.run();
    code.fastore();
  }

  @Override
  public void compare(CodeBuilder code, Kind comparison, Runnable left, Runnable right) {
    left.run();
    right.run();
    final Label holds = code.newLabel();
    final Label end = code.newLabel();
    // fcmpg gives 1 and fcmpl −1 where a side is NaN: each is used where that means "false".
    switch (comparison) {
      case LESS -> code.fcmpg().iflt(holds);
      case AT_MOST -> code.fcmpg().ifle(holds);
      case GREATER -> code.fcmpl().ifgt(holds);
      case AT_LEAST -> code.fcmpl().ifge(holds);
      case EQUAL -> code.fcmpl().ifeq(holds);
      default -> throw new IllegalArgumentException(comparison + " is no comparison");
    }
    code.iconst_0().goto_(end).labelBinding(holds).iconst_1().labelBinding(end);
  }

  @Override
  public void choose(CodeBuilder code, int mask, Runnable then, Runnable otherwise) {
    final Label no = code.newLabel();
    final Label end = code.newLabel();
    code.iload(mask).ifeq(no);
    then.run();
    code.goto_(end).labelBinding(no);
    otherwise.run();
    code.labelBinding(end);
  }

  @Override
  public void shift(CodeBuilder code, Kind direction, int places) {
    bits(code);
    code.loadConstant(places);
    if (direction == Kind.SHIFT_LEFT) {
      code.ishl();
    } else {
      code.ishr();
    }
    number(code);
  }

  @Override
  public void pick(CodeBuilder code, Runnable cell, List<Runnable> entries, int table) {
    final Label end = code.newLabel();
    final List<SwitchCase> cases = new ArrayList<>();
    for (int k = 1; k < entries.size(); k++) {
      cases.add(SwitchCase.of(k, code.newLabel()));
    }
    final Label first = code.newLabel();
    cell.run();
    code.f2i(); // 0 for NaN
    code.loadConstant(entries.size() - 1)
        .invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int));
    code.tableswitch(first, cases);
    for (final SwitchCase one : cases) {
      code.labelBinding(one.target());
      entries.get(one.caseValue()).run();
      code.goto_(end);
    }
    code.labelBinding(first);
    entries.getFirst().run();
    code.labelBinding(end);
  }

  @Override
  public void addWhere(CodeBuilder code, int local, int mask, Runnable value) {
    final Label no = code.newLabel();
    code.iload(mask).ifeq(no).fload(local);
    value.run();
    code.fadd().fstore(local).labelBinding(no);
  }

  @Override
  public void compute(CodeBuilder code, Kind kind) {
    switch (kind) {
      case ADD -> code.fadd();
      case SUBTRACT -> code.fsub();
      case MULTIPLY -> code.fmul();
      case DIVIDE -> code.fdiv();
      case NEGATE -> code.fneg();
      case MIN, MAX ->
          code.invokestatic(
              MATH,
              kind == Kind.MIN ? "min" : "max",
              MethodTypeDesc.of(CD_float, CD_float, CD_float));
      case FMA ->
          code.invokestatic(MATH, "fma", MethodTypeDesc.of(CD_float, CD_float, CD_float, CD_float));
      case ABS -> code.invokestatic(MATH, "abs", MethodTypeDesc.of(CD_float, CD_float));
      case SQRT -> // rounding a root to double and then to float is rounding it to float
          code.f2d().invokestatic(MATH, "sqrt", MethodTypeDesc.of(CD_double, CD_double)).d2f();
      case BITS_ADD -> number(twoBits(code).iadd());
      case BITS_SUBTRACT -> number(twoBits(code).isub());
      case BITS_AND -> number(twoBits(code).iand());
      case BITS_XOR -> number(twoBits(code).ixor());
      case WIDE_SIN, WIDE_COS ->
          code.invokestatic(
              desc(WideAngles.class),
              kind == Kind.WIDE_SIN ? "sin" : "cos",
              MethodTypeDesc.of(CD_float, CD_float, CD_float));
      default -> throw new IllegalArgumentException(kind + " is no arithmetic");
    }
  }

  private static CodeBuilder bits(CodeBuilder code) {
    return code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
  }

  /** The bits of both floats on the stack, in their order. */
  private static CodeBuilder twoBits(CodeBuilder code) {
    bits(code).swap();
    return bits(code).swap();
  }

  private static void number(CodeBuilder code) {
    code.invokestatic(FLOAT, "intBitsToFloat", TO_FLOAT);
  }
}

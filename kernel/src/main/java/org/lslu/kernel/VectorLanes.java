package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lslu.kernel.Instruction.Kind;

/** Operations on the widest vectors that the processor has; needs module jdk.incubator.vector. */
class VectorLanes implements LaneCode {
  // Read by generated code. Static finals of the preferred species: C2 takes them for constants,
  // and
  // without that no Vector API call compiles to an instruction.
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  static final ClassDesc HERE = desc(VectorLanes.class);
  static final ClassDesc FLOAT_VECTOR = desc(FloatVector.class);
  static final ClassDesc INT_VECTOR = desc(IntVector.class);
  static final ClassDesc VECTOR = desc(Vector.class);
  static final ClassDesc MASK = desc(VectorMask.class);
  static final ClassDesc SPECIES_DESC = desc(VectorSpecies.class);
  private static final ClassDesc ORDER_DESC = desc(ByteOrder.class);
  private static final ClassDesc SEGMENT = desc(MemorySegment.class);
  private static final ClassDesc OPERATORS = desc(VectorOperators.class);
  private static final ClassDesc BINARY_OPERATOR =
      ClassDesc.of("jdk.incubator.vector.VectorOperators$Binary");
  private static final MethodTypeDesc WIDE =
      MethodTypeDesc.of(FLOAT_VECTOR, FLOAT_VECTOR, FLOAT_VECTOR);
  private static final ClassDesc FLOATS = CD_float.arrayType();

  private static final VectorSpecies<Integer> BITS = SPECIES.withLanes(int.class);
  private static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  // Called by generated code.

  static FloatVector fromBfloat16(MemorySegment segment, long offset) {
    return ShortVector.fromMemorySegment(HALVES, segment, offset, ORDER)
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, BITS, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, Bfloat16.HALF)
        .reinterpretAsFloats();
  }

  static void intoBfloat16(FloatVector value, MemorySegment segment, long offset) {
    final IntVector bits = value.reinterpretAsInts();
    final IntVector odd = bits.lanewise(VectorOperators.LSHR, Bfloat16.HALF).and(1);
    bits.add(odd)
        .add(Bfloat16.BELOW_MIDDLE)
        .lanewise(VectorOperators.LSHR, Bfloat16.HALF)
        .blend(Bfloat16.NAN, value.test(VectorOperators.IS_NAN).cast(BITS))
        .convertShape(VectorOperators.I2S, HALVES, 0)
        .reinterpretAsShorts()
        .intoMemorySegment(segment, offset, ORDER);
  }

  // Called by generated code. Angles beyond the limit are rare, so all lanes wait for them.

  static FloatVector wideSin(FloatVector angle, FloatVector sine) {
    return angle.abs().compare(VectorOperators.GT, WideAngles.LIMIT).anyTrue()
        ? eachLane(angle, sine, WideAngles::sin)
        : sine;
  }

  static FloatVector wideCos(FloatVector angle, FloatVector cosine) {
    return angle.abs().compare(VectorOperators.GT, WideAngles.LIMIT).anyTrue()
        ? eachLane(angle, cosine, WideAngles::cos)
        : cosine;
  }

  private static FloatVector eachLane(FloatVector angle, FloatVector near, WideAngles.Function of) {
    final float[] angles = angle.toArray();
    final float[] values = near.toArray();
    for (int lane = 0; lane < values.length; lane++) {
      values[lane] = of.at(angles[lane], values[lane]);
    }
    return FloatVector.fromArray(SPECIES, values, 0);
  }

  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  @Override
  public int count() {
    return SPECIES.length();
  }

  @Override
  public void literal(CodeBuilder code, float value) {
    species(code)
        .loadConstant(value)
        .invokestatic(
            FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES_DESC, CD_float));
  }

  @Override
  public void load(CodeBuilder code, int local) {
    code.aload(local);
  }

  @Override
  public void store(CodeBuilder code, int local) {
    code.astore(local);
  }

  @Override
  public void storeMask(CodeBuilder code, int local) {
    code.astore(local);
  }

  @Override
  public void fromMemory(CodeBuilder code, int segment, Runnable offset) {
    species(code).aload(segment);
    offset.run();
    order(code)
        .invokestatic(
            FLOAT_VECTOR,
            "fromMemorySegment",
            MethodTypeDesc.of(FLOAT_VECTOR, SPECIES_DESC, SEGMENT, CD_long, ORDER_DESC));
  }

  @Override
  public void intoMemory(CodeBuilder code, int segment, Runnable offset, Runnable value) {
    value.run();
    code.aload(segment);
    offset.run();
    order(code)
        .invokevirtual(
            FLOAT_VECTOR,
            "intoMemorySegment",
            MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER_DESC));
  }

  @Override
  public void fromBfloat16(CodeBuilder code, int segment, Runnable offset) {
    code.aload(segment);
    offset.run();
    code.invokestatic(HERE, "fromBfloat16", MethodTypeDesc.of(FLOAT_VECTOR, SEGMENT, CD_long));
  }

  @Override
  public void intoBfloat16(CodeBuilder code, int segment, Runnable offset, Runnable value) {
    value.run();
    code.aload(segment);
    offset.run();
    code.invokestatic(
        HERE, "intoBfloat16", MethodTypeDesc.of(CD_void, FLOAT_VECTOR, SEGMENT, CD_long));
  }

  @Override
  public void fromArray(CodeBuilder code, int array, int first, int plus) {
    species(code)
        .aload(array)
        .iload(first)
        .loadConstant(plus)
        .iadd()
        .invokestatic(
            FLOAT_VECTOR,
            "fromArray",
            MethodTypeDesc.of(FLOAT_VECTOR, SPECIES_DESC, FLOATS, CD_int));
  }

  @Override
  public void intoArray(CodeBuilder code, int array, int place, Runnable push) {
    push.run();
    code.aload(array)
        .loadConstant(place)
        .invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  @Override
  public void intoArray(CodeBuilder code, int array, int first, int plus, Runnable push) {
    push.run();
    code.aload(array)
        .iload(first)
        .loadConstant(plus)
        .iadd()
        .invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  @Override
  public void compare(CodeBuilder code, Kind comparison, Runnable left, Runnable right) {
    left.run();
    operator(code, comparisonName(comparison), "Comparison");
    right.run();
    code.invokevirtual(
        FLOAT_VECTOR,
        "compare",
        MethodTypeDesc.of(
            MASK, ClassDesc.of("jdk.incubator.vector.VectorOperators$Comparison"), VECTOR));
  }

  @Override
  public void shift(CodeBuilder code, Kind direction, int places) {
    bits(code);
    operator(code, direction == Kind.SHIFT_LEFT ? "LSHL" : "ASHR", "Binary");
    code.loadConstant(places)
        .invokevirtual(
            INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY_OPERATOR, CD_int));
    numbers(code);
  }

  private static String comparisonName(Kind comparison) {
    return switch (comparison) {
      case LESS -> "LT";
      case AT_MOST -> "LE";
      case GREATER -> "GT";
      case AT_LEAST -> "GE";
      case EQUAL -> "EQ";
      default -> throw new IllegalArgumentException(comparison + " is no comparison");
    };
  }

  @Override
  public void choose(CodeBuilder code, int mask, Runnable then, Runnable otherwise) {
    otherwise.run();
    then.run();
    code.aload(mask)
        .invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
  }

  /**
   * Entry after entry is blended in where the cell has its number: each lane has its own entries.
   */
  @Override
  public void pick(CodeBuilder code, Runnable cell, List<Runnable> entries, int table) {
    entries.getFirst().run();
    for (int k = 1; k < entries.size(); k++) {
      final float number = k;
      final boolean isLast = k == entries.size() - 1;
      entries.get(k).run();
      compare(code, isLast ? Kind.AT_LEAST : Kind.EQUAL, cell, () -> literal(code, number));
      code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    }
  }

  @Override
  public void addWhere(CodeBuilder code, int local, int mask, Runnable value) {
    code.aload(local);
    operator(code, "ADD", "Associative");
    value.run();
    code.aload(mask)
        .invokevirtual(
            FLOAT_VECTOR,
            "lanewise",
            MethodTypeDesc.of(FLOAT_VECTOR, BINARY_OPERATOR, VECTOR, MASK))
        .astore(local);
  }

  @Override
  public void compute(CodeBuilder code, Kind kind) {
    switch (kind) {
      case ADD -> binary(code, "add");
      case SUBTRACT -> binary(code, "sub");
      case MULTIPLY -> binary(code, "mul");
      case DIVIDE -> binary(code, "div");
      case MIN -> binary(code, "min");
      case MAX -> binary(code, "max");
      case FMA ->
          code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
      case NEGATE -> unary(code, "neg");
      case ABS -> unary(code, "abs");
      case SQRT -> unary(code, "sqrt");
      case BITS_ADD -> bitwise(code, "ADD", "Associative");
      case BITS_SUBTRACT -> bitwise(code, "SUB", "Binary");
      case BITS_AND -> bitwise(code, "AND", "Associative");
      case BITS_XOR -> bitwise(code, "XOR", "Associative");
      case WIDE_SIN -> code.invokestatic(HERE, "wideSin", WIDE);
      case WIDE_COS -> code.invokestatic(HERE, "wideCos", WIDE);
      default -> throw new IllegalArgumentException(kind + " is no arithmetic");
    }
  }

  private static void unary(CodeBuilder code, String name) {
    code.invokevirtual(FLOAT_VECTOR, name, MethodTypeDesc.of(FLOAT_VECTOR));
  }

  private static void binary(CodeBuilder code, String name) {
    code.invokevirtual(FLOAT_VECTOR, name, MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
  }

  /** An operation on the bits of the two values on the stack. */
  private static void bitwise(CodeBuilder code, String name, String type) {
    bits(code).swap();
    bits(code).swap();
    operator(code, name, type);
    code.swap()
        .invokevirtual(
            INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY_OPERATOR, VECTOR));
    numbers(code);
  }

  static CodeBuilder bits(CodeBuilder code) {
    return code.invokevirtual(VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
  }

  static void numbers(CodeBuilder code) {
    code.invokevirtual(VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR));
  }

  static void operator(CodeBuilder code, String name, String type) {
    code.getstatic(OPERATORS, name, ClassDesc.of("jdk.incubator.vector.VectorOperators$" + type));
  }

  static CodeBuilder species(CodeBuilder code) {
    return code.getstatic(HERE, "SPECIES", SPECIES_DESC);
  }

  private static CodeBuilder order(CodeBuilder code) {
    return code.getstatic(HERE, "ORDER", ORDER_DESC);
  }
}

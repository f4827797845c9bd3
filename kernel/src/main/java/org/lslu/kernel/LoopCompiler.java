package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/*
 * The shape of a generated method, forward and backward alike:
 *
 *     load every coefficient and literal into a local            (they stay in registers)
 *     zero the sums                                               (backward only)
 *     for (offset = 4·start; count > 0; count--, offset += 4·step)
 *         load x, and dy; compute; store y, or dx; add to the sums
 *     store the sums                                              (backward only)
 *
 * A straight line of locals, one a value: C2 then allocates vector registers and schedules as it would
 * for a loop written by hand, and escape analysis removes every vector object. The loop counts an int
 * down and carries the byte offset beside it, so that one loop serves steps of one vector and of one
 * row of a matrix.
 */
/**
 * Compiles a forward and a backward program to an {@link ElementLoop}, for vectors or single
 * floats.
 */
final class LoopCompiler {
  private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc FORWARD =
      MethodTypeDesc.of(CD_void, SEGMENT, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int);
  private static final MethodTypeDesc BACKWARD =
      MethodTypeDesc.of(
          CD_void, SEGMENT, SEGMENT, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int, FLOATS);
  private static final int BYTES = 4;

  private final LaneCode lanes;

  LoopCompiler(LaneCode lanes) {
    this.lanes = lanes;
  }

  /**
   * Compiles one class.
   *
   * @param forward one output, y
   * @param backward the outputs dx and then the terms that are summed
   */
  ElementLoop compile(Program forward, Program backward) {
    return GeneratedClass.of(
        ElementLoop.class,
        type -> {
          type.withMethodBody(
              "lanes",
              MethodTypeDesc.of(CD_int),
              ClassFile.ACC_PUBLIC,
              code -> code.loadConstant(lanes.count()).ireturn());
          type.withMethodBody(
              "forward",
              FORWARD,
              ClassFile.ACC_PUBLIC,
              code -> new Body(code, forward, Frame.FORWARD).write());
          type.withMethodBody(
              "backward",
              BACKWARD,
              ClassFile.ACC_PUBLIC,
              code -> new Body(code, backward, Frame.BACKWARD).write());
        });
  }

  /** Where a method's arguments stand among its locals; 0 is the instance. */
  private record Frame(
      int x,
      int dy,
      int out,
      int start,
      int step,
      int count,
      int coefficients,
      int first,
      int sums) {
    static final Frame FORWARD = new Frame(1, -1, 2, 3, 5, 7, 8, 9, -1);
    static final Frame BACKWARD = new Frame(1, 2, 3, 4, 6, 8, 9, 10, 11);

    int free() {
      return 12;
    }
  }

  /** Writes one method. */
  private final class Body {
    private final CodeBuilder code;
    private final Program program;
    private final Frame frame;
    private final int offset;
    private final int stride;
    private final int values;
    private final int sums;

    Body(CodeBuilder code, Program program, Frame frame) {
      this.code = code;
      this.program = program;
      this.frame = frame;
      offset = frame.free();
      stride = offset + 2;
      values = stride + 2;
      sums = values + program.instructions().size();
    }

    void write() {
      final List<Instruction> instructions = program.instructions();
      final int summed = program.outputs().size() - 1;
      for (int i = 0; i < instructions.size(); i++) {
        if (instructions.get(i).kind().isInvariant()) {
          define(i, instructions.get(i));
        }
      }
      for (int k = 0; k < summed; k++) {
        lanes.literal(code, 0);
        lanes.store(code, sums + k);
      }
      code.lload(frame.start()).loadConstant((long) BYTES).lmul().lstore(offset);
      code.lload(frame.step()).loadConstant((long) BYTES).lmul().lstore(stride);
      final Label top = code.newLabel();
      final Label end = code.newLabel();
      code.labelBinding(top).iload(frame.count()).ifle(end);
      for (int i = 0; i < instructions.size(); i++) {
        if (!instructions.get(i).kind().isInvariant()) {
          define(i, instructions.get(i));
        }
      }
      lanes.intoMemory(
          code, frame.out(), () -> code.lload(offset), () -> push(program.outputs().getFirst()));
      for (int k = 0; k < summed; k++) {
        addToSum(k, program.outputs().get(k + 1));
      }
      code.lload(offset).lload(stride).ladd().lstore(offset);
      code.iinc(frame.count(), -1).goto_(top).labelBinding(end);
      for (int k = 0; k < summed; k++) {
        final int local = sums + k;
        lanes.intoArray(code, frame.sums(), k * lanes.count(), () -> lanes.load(code, local));
      }
      code.return_();
    }

    private void addToSum(int k, int term) {
      final int local = sums + k;
      lanes.load(code, local);
      push(term);
      lanes.compute(code, Instruction.Kind.ADD);
      lanes.store(code, local);
    }

    private void push(int place) {
      lanes.load(code, values + place);
    }

    private void define(int place, Instruction one) {
      final List<Integer> arguments = one.arguments();
      switch (one.kind()) {
        case INPUT -> lanes.fromMemory(code, frame.x(), () -> code.lload(offset));
        case UPSTREAM -> lanes.fromMemory(code, frame.dy(), () -> code.lload(offset));
        case COEFFICIENT ->
            lanes.fromArray(code, frame.coefficients(), frame.first(), one.index() * lanes.count());
        case LITERAL -> lanes.literal(code, one.number());
        case LESS, AT_MOST, GREATER, AT_LEAST, EQUAL -> {
          lanes.compare(
              code, one.kind(), () -> push(arguments.get(0)), () -> push(arguments.get(1)));
          lanes.storeMask(code, values + place);
          return;
        }
        case CHOOSE ->
            lanes.choose(
                code,
                values + arguments.get(0),
                () -> push(arguments.get(1)),
                () -> push(arguments.get(2)));
        case POWER -> lanes.power(code, () -> push(arguments.get(0)), () -> push(arguments.get(1)));
        default -> {
          arguments.forEach(this::push);
          lanes.compute(code, one.kind());
        }
      }
      lanes.store(code, values + place);
    }
  }
}

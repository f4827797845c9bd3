package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/*
 * The shape of a generated method, forward and backward alike:
 *
 *     load every coefficient and literal into a local            (they stay in registers)
 *     zero the sums, or load those to add to                      (where there are any)
 *     for (offset = 4·start; count > 0; count--, offset += 4·step)
 *         load x, and dy; compute; store y, or dx; add to the sums
 *     store the sums
 *
 * A straight line of locals, one a value: C2 then allocates vector registers and schedules as it would
 * for a loop written by hand, and escape analysis removes every vector object. The loop counts an int
 * down and carries the byte offset beside it, so that one loop serves steps of one vector and of one
 * row of a matrix.
 */
/**
 * Compiles a forward and a backward program to an {@link ElementLoop}, or a program to an {@link
 * ElementPass}, for vectors or single floats.
 */
final class LoopCompiler {
  private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final MethodTypeDesc FORWARD =
      MethodTypeDesc.of(CD_void, SEGMENT, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int);
  private static final MethodTypeDesc BACKWARD =
      MethodTypeDesc.of(
          CD_void, SEGMENT, SEGMENT, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int, FLOATS);
  private static final MethodTypeDesc PASS =
      MethodTypeDesc.of(
          CD_void, SEGMENT, SEGMENT, SEGMENT, SEGMENT, CD_long, CD_long, CD_int, FLOATS, CD_int,
          FLOATS, CD_int);
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
    return load(
        ElementLoop.class,
        type -> {
          method(type, "forward", FORWARD, code -> new Body(code, forward, Frame.FORWARD).write());
          method(
              type, "backward", BACKWARD, code -> new Body(code, backward, Frame.BACKWARD).write());
        });
  }

  /**
   * Compiles one class.
   *
   * @param program where it {@code writes}, what is written is its first output; the others are
   *     summed
   * @param writes whether it writes, and does not only sum
   * @param x how the input lies in memory
   * @param out how what is written lies there
   */
  ElementPass compile(Program program, boolean writes, Storage x, Storage out) {
    final Frame frame = writes ? Frame.PASS : Frame.SUMS;
    return load(
        ElementPass.class,
        type -> method(type, "run", PASS, code -> new Body(code, program, frame, x, out).write()));
  }

  private <L> L load(Class<L> kind, Consumer<ClassBuilder> methods) {
    return GeneratedClass.of(
        kind,
        type -> {
          method(
              type,
              "lanes",
              MethodTypeDesc.of(CD_int),
              code -> code.loadConstant(lanes.count()).ireturn());
          methods.accept(type);
        });
  }

  private static void method(
      ClassBuilder type, String name, MethodTypeDesc shape, Consumer<CodeBuilder> body) {
    type.withMethodBody(name, shape, ClassFile.ACC_PUBLIC, body);
  }

  /**
   * Where a method's arguments stand among its locals; 0 is the instance, −1 is nowhere. Where
   * {@code firstSum} is somewhere, sums are added to what is there.
   */
  private record Frame(
      int x,
      int addend,
      int dy,
      int out,
      int start,
      int step,
      int count,
      int coefficients,
      int first,
      int sums,
      int firstSum) {
    static final Frame FORWARD = new Frame(1, -1, -1, 2, 3, 5, 7, 8, 9, -1, -1);
    static final Frame BACKWARD = new Frame(1, -1, 2, 3, 4, 6, 8, 9, 10, 11, -1);
    static final Frame PASS = new Frame(1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13);
    static final Frame SUMS = new Frame(1, 2, 3, -1, 5, 7, 9, 10, 11, 12, 13);

    int free() {
      return 14;
    }

    boolean writes() {
      return out >= 0;
    }

    boolean adds() {
      return firstSum >= 0;
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
    private final Storage x;
    private final Storage out;
    private final int[] tables;
    private final boolean[] absorbed;
    private final int[] uses;

    Body(CodeBuilder code, Program program, Frame frame) {
      this(code, program, frame, Storage.FLOAT32, Storage.FLOAT32);
    }

    Body(CodeBuilder code, Program program, Frame frame, Storage x, Storage out) {
      this.x = x;
      this.out = out;
      this.code = code;
      this.program = program;
      this.frame = frame;
      offset = frame.free();
      stride = offset + 2;
      values = stride + 2;
      sums = values + program.instructions().size();
      tables = new int[program.instructions().size()];
      int next = sums + summed();
      for (int i = 0; i < tables.length; i++) {
        tables[i] = next;
        next += registers(program.instructions().get(i));
      }
      absorbed = new boolean[tables.length];
      uses = program.uses();
      for (int k = 0; k < summed(); k++) {
        absorb(program.outputs().get(written() + k));
      }
    }

    private int registers(Instruction one) {
      return one.kind() == Instruction.Kind.PICK ? lanes.registers(one.arguments().size() - 1) : 0;
    }

    private int written() {
      return frame.writes() ? 1 : 0;
    }

    private int summed() {
      return program.outputs().size() - written();
    }

    /**
     * Marks what is only ever summed and need not be computed apart: a choice between something and
     * 0, which becomes an addition under a mask, and sums of such choices. The terms of a table's
     * entries are of this kind, one or two a table's entry, and there are many.
     */
    private boolean absorb(int place) {
      final Instruction one = program.instructions().get(place);
      if (uses[place] != 1) {
        return false;
      }
      absorbed[place] =
          one.kind() == Instruction.Kind.CHOOSE
              ? isZero(one.arguments().get(2))
              : one.kind() == Instruction.Kind.ADD
                  && isAbsorbable(one.arguments().get(0))
                  && isAbsorbable(one.arguments().get(1))
                  && absorb(one.arguments().get(0))
                  && absorb(one.arguments().get(1));
      return absorbed[place];
    }

    private boolean isAbsorbable(int place) {
      final Instruction one = program.instructions().get(place);
      return uses[place] == 1
          && switch (one.kind()) {
            case CHOOSE -> isZero(one.arguments().get(2));
            case ADD ->
                isAbsorbable(one.arguments().get(0)) && isAbsorbable(one.arguments().get(1));
            default -> false;
          };
    }

    private boolean isZero(int place) {
      final Instruction one = program.instructions().get(place);
      return one.kind() == Instruction.Kind.LITERAL && one.number() == 0;
    }

    private List<Runnable> entries(Instruction pick) {
      return pick.arguments().stream().skip(1).map(at -> (Runnable) () -> push(at)).toList();
    }

    void write() {
      final List<Instruction> instructions = program.instructions();
      final int written = written();
      final int summed = summed();
      for (int i = 0; i < instructions.size(); i++) {
        if (instructions.get(i).kind().isInvariant()) {
          define(i, instructions.get(i));
        }
      }
      for (int i = 0; i < instructions.size(); i++) {
        if (instructions.get(i).kind() == Instruction.Kind.PICK) {
          lanes.lay(code, entries(instructions.get(i)), tables[i]);
        }
      }
      for (int k = 0; k < summed; k++) {
        if (frame.adds()) {
          lanes.fromArray(code, frame.sums(), frame.firstSum(), k * lanes.count());
        } else {
          lanes.literal(code, 0);
        }
        lanes.store(code, sums + k);
      }
      code.lload(frame.start()).loadConstant((long) BYTES).lmul().lstore(offset);
      code.lload(frame.step()).loadConstant((long) BYTES).lmul().lstore(stride);
      final Label top = code.newLabel();
      final Label end = code.newLabel();
      code.labelBinding(top).iload(frame.count()).ifle(end);
      for (int i = 0; i < instructions.size(); i++) {
        if (!instructions.get(i).kind().isInvariant() && !absorbed[i]) {
          define(i, instructions.get(i));
        }
      }
      if (frame.writes()) {
        write(() -> push(program.outputs().getFirst()));
      }
      for (int k = 0; k < summed; k++) {
        addToSum(k, program.outputs().get(written + k));
      }
      code.lload(offset).lload(stride).ladd().lstore(offset);
      code.iinc(frame.count(), -1).goto_(top).labelBinding(end);
      for (int k = 0; k < summed; k++) {
        final int local = sums + k;
        final Runnable sum = () -> lanes.load(code, local);
        if (frame.adds()) {
          lanes.intoArray(code, frame.sums(), frame.firstSum(), k * lanes.count(), sum);
        } else {
          lanes.intoArray(code, frame.sums(), k * lanes.count(), sum);
        }
      }
      code.return_();
    }

    private void write(Runnable value) {
      switch (out) {
        case FLOAT32 -> lanes.intoMemory(code, frame.out(), () -> code.lload(offset), value);
        case BFLOAT16 -> lanes.intoBfloat16(code, frame.out(), this::halfOffset, value);
      }
    }

    private void read() {
      switch (x) {
        case FLOAT32 -> lanes.fromMemory(code, frame.x(), () -> code.lload(offset));
        case BFLOAT16 -> lanes.fromBfloat16(code, frame.x(), this::halfOffset);
      }
    }

    /** Pushes the offset among elements of two bytes. */
    private void halfOffset() {
      code.lload(offset).loadConstant(1).lshr();
    }

    private void addToSum(int k, int term) {
      final int local = sums + k;
      if (absorbed[term]) {
        final List<Integer> arguments = program.instructions().get(term).arguments();
        if (program.instructions().get(term).kind() == Instruction.Kind.ADD) {
          addToSum(k, arguments.get(0));
          addToSum(k, arguments.get(1));
        } else {
          lanes.addWhere(code, local, values + arguments.get(0), () -> push(arguments.get(1)));
        }
        return;
      }
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
        case INPUT -> read();
        case ADDEND -> lanes.fromMemory(code, frame.addend(), () -> code.lload(offset));
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
        case PICK ->
            lanes.pick(code, () -> push(arguments.getFirst()), entries(one), tables[place]);
        case SHIFT_LEFT, SHIFT_RIGHT -> {
          push(arguments.getFirst());
          lanes.shift(code, one.kind(), one.index());
        }
        default -> {
          arguments.forEach(this::push);
          lanes.compute(code, one.kind());
        }
      }
      lanes.store(code, values + place);
    }
  }
}

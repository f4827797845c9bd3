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

/*
 * Both methods keep a tile's sums in registers, load each column of the input once and use it for every
 * tap that it meets: a 7×7 kernel and a stretch of 8 need 21 loads for 56 multiply-adds. What lies on
 * padding is not written into the code at all.
 *
 *     convolve:  for each group of images                    correlate:  load the sums of the taps
 *                  zero the sums, one a place                             for each group of images
 *                  for each kernel row                                      for each row
 *                    load its taps                                            load dy's stretch
 *                    for each column: load; multiply-add                      for each column: load; multiply-add
 *                  store the sums                                         store the sums
 */
/** Compiles a {@link TapTile} to a {@link TapLoop}. */
final class TapCompiler {
  private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(
          CD_void, SEGMENT, CD_long, SEGMENT, CD_long, SEGMENT, CD_long, CD_long, CD_int, CD_long,
          CD_int);

  private final LaneCode lanes;

  TapCompiler(LaneCode lanes) {
    this.lanes = lanes;
  }

  /** Compiles one class. */
  TapLoop compile(TapTile tile) {
    return GeneratedClass.of(
        TapLoop.class,
        type -> {
          type.withMethodBody(
              "convolve", TYPE, ClassFile.ACC_PUBLIC, code -> new Body(code, tile).convolve());
          type.withMethodBody(
              "correlate", TYPE, ClassFile.ACC_PUBLIC, code -> new Body(code, tile).correlate());
        });
  }

  /** Writes one method. */
  private final class Body {
    // The arguments' places among the locals; 0 is the instance.
    private static final int A = 1;
    private static final int A_AT = 2;
    private static final int B = 4;
    private static final int B_AT = 5;
    private static final int C = 7;
    private static final int C_AT = 8;
    private static final int ROW = 10;
    private static final int ROWS = 12;
    private static final int IMAGE = 13;
    private static final int GROUPS = 15;
    private static final int LEFT_ROWS = 16;
    private static final int FIRST_FREE = 17;

    private final CodeBuilder code;
    private final TapTile tile;
    private final int bytes = lanes.count() * Float.BYTES;
    private final int a; // running offsets into A, one for each image of the group
    private final int b; // and into B
    private final int vectors;

    Body(CodeBuilder code, TapTile tile) {
      this.code = code;
      this.tile = tile;
      a = FIRST_FREE;
      b = a + 2 * tile.together();
      vectors = b + 2 * tile.together();
    }

    void convolve() {
      final int taps = vectors;
      final int sums = taps + tile.side();
      final int value = sums + tile.together() * tile.width();
      loop(
          GROUPS,
          () -> {
            for (int i = 0; i < tile.together() * tile.width(); i++) {
              lanes.literal(code, 0);
              lanes.store(code, sums + i);
            }
            images(A_AT, a);
            code.lload(B_AT).lstore(b);
            code.iload(ROWS).istore(LEFT_ROWS);
            loop(
                LEFT_ROWS,
                () -> {
                  for (int tap = tile.firstTap(); tap < tile.endTap(); tap++) {
                    load(B, b, tap);
                    lanes.store(code, taps + tap);
                  }
                  for (int image = 0; image < tile.together(); image++) {
                    for (int column = 0; column < tile.columns(); column++) {
                      load(A, a + 2 * image, column);
                      lanes.store(code, value);
                      for (int place = 0; place < tile.width(); place++) {
                        final int tap = tile.tap(column, place);
                        if (tile.has(tap)) {
                          multiplyAdd(value, taps + tap, sums + image * tile.width() + place);
                        }
                      }
                    }
                    advance(a + 2 * image, ROW);
                  }
                  code.lload(b).loadConstant((long) tile.side() * bytes).ladd().lstore(b);
                });
            images(C_AT, a);
            for (int image = 0; image < tile.together(); image++) {
              for (int place = 0; place < tile.width(); place++) {
                store(C, a + 2 * image, place, sums + image * tile.width() + place);
              }
            }
            nextGroup(A_AT);
            nextGroup(C_AT);
          });
      code.return_();
    }

    void correlate() {
      final int sums = vectors;
      final int arriving = sums + tile.side();
      final int value = arriving + tile.width();
      for (int tap = tile.firstTap(); tap < tile.endTap(); tap++) {
        load(C, C_AT, tap);
        lanes.store(code, sums + tap);
      }
      loop(
          GROUPS,
          () -> {
            images(A_AT, a);
            images(B_AT, b);
            code.iload(ROWS).istore(LEFT_ROWS);
            loop(
                LEFT_ROWS,
                () -> {
                  for (int image = 0; image < tile.together(); image++) {
                    for (int place = 0; place < tile.width(); place++) {
                      load(B, b + 2 * image, place);
                      lanes.store(code, arriving + place);
                    }
                    for (int column = 0; column < tile.columns(); column++) {
                      load(A, a + 2 * image, column);
                      lanes.store(code, value);
                      for (int place = 0; place < tile.width(); place++) {
                        final int tap = tile.tap(column, place);
                        if (tile.has(tap)) {
                          multiplyAdd(value, arriving + place, sums + tap);
                        }
                      }
                    }
                    advance(a + 2 * image, ROW);
                    advance(b + 2 * image, ROW);
                  }
                });
            nextGroup(A_AT);
            nextGroup(B_AT);
          });
      for (int tap = tile.firstTap(); tap < tile.endTap(); tap++) {
        store(C, C_AT, tap, sums + tap);
      }
      code.return_();
    }

    /** Counts an int local down to 0. */
    private void loop(int count, Runnable body) {
      final Label top = code.newLabel();
      final Label end = code.newLabel();
      code.labelBinding(top).iload(count).ifle(end);
      body.run();
      code.iinc(count, -1).goto_(top).labelBinding(end);
    }

    /** offsets[i] = at + i·image. */
    private void images(int at, int offsets) {
      code.lload(at).lstore(offsets);
      for (int image = 1; image < tile.together(); image++) {
        code.lload(offsets + 2 * image - 2).lload(IMAGE).ladd().lstore(offsets + 2 * image);
      }
    }

    private void advance(int offset, int by) {
      code.lload(offset).lload(by).ladd().lstore(offset);
    }

    private void nextGroup(int at) {
      code.lload(at).lload(IMAGE).loadConstant((long) tile.together()).lmul().ladd().lstore(at);
    }

    private void load(int segment, int offset, int vector) {
      lanes.fromMemory(code, segment, () -> place(offset, vector));
    }

    private void store(int segment, int offset, int vector, int local) {
      lanes.intoMemory(code, segment, () -> place(offset, vector), () -> lanes.load(code, local));
    }

    private void place(int offset, int vector) {
      code.lload(offset);
      if (vector > 0) {
        code.loadConstant((long) vector * bytes).ladd();
      }
    }

    private void multiplyAdd(int left, int right, int sum) {
      lanes.load(code, left);
      lanes.load(code, right);
      lanes.load(code, sum);
      lanes.compute(code, Instruction.Kind.FMA);
      lanes.store(code, sum);
    }
  }
}

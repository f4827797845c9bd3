package org.lslu.kernel;

import java.lang.classfile.CodeBuilder;
import java.util.List;
import org.lslu.kernel.Instruction.Kind;

/** How the operations of a loop are written as bytecode, for values of one or of many lanes. */
interface LaneCode {
  /** How many neighbouring elements a value holds. */
  int count();

  /** Pushes a number in every lane. */
  void literal(CodeBuilder code, float value);

  /** Pushes the local. */
  void load(CodeBuilder code, int local);

  /** Pops a value into the local. */
  void store(CodeBuilder code, int local);

  /** Pops a truth value into the local. */
  void storeMask(CodeBuilder code, int local);

  /** Pushes what stands at the byte offset that {@code offset} pushes, of a segment (a local). */
  void fromMemory(CodeBuilder code, int segment, Runnable offset);

  /** Writes the value that {@code value} pushes to a byte offset of a segment. */
  void intoMemory(CodeBuilder code, int segment, Runnable offset, Runnable value);

  /** Pushes the bfloat16 elements at the byte offset, as floats. */
  void fromBfloat16(CodeBuilder code, int segment, Runnable offset);

  /** Writes the value that {@code value} pushes, rounded to bfloat16 elements. */
  void intoBfloat16(CodeBuilder code, int segment, Runnable offset, Runnable value);

  /** Pushes what stands in a float array at an int local plus a constant. */
  void fromArray(CodeBuilder code, int array, int first, int plus);

  /** Writes the value that {@code push} pushes to a constant place in a float array. */
  void intoArray(CodeBuilder code, int array, int place, Runnable push);

  /** Writes the value that {@code push} pushes to a float array at an int local plus a constant. */
  void intoArray(CodeBuilder code, int array, int first, int plus, Runnable push);

  /** Pushes the truth value of a comparison. */
  void compare(CodeBuilder code, Kind comparison, Runnable left, Runnable right);

  /** Pops a value, pushes it with its bits moved by some places. */
  void shift(CodeBuilder code, Kind direction, int places);

  /** Pushes {@code then} where the truth value in the local holds, else {@code otherwise}. */
  void choose(CodeBuilder code, int mask, Runnable then, Runnable otherwise);

  /**
   * How many locals {@link #lay} fills for a table of that many entries; none where {@link #pick}
   * needs no table.
   */
  default int registers(int entries) {
    return 0;
  }

  /** Lays the entries of a table, the same in all lanes, into {@link #registers} locals. */
  default void lay(CodeBuilder code, List<Runnable> entries, int first) {}

  /**
   * Pushes the entry whose number {@code cell} pushes.
   *
   * @param table where {@link #lay} laid the entries
   */
  void pick(CodeBuilder code, Runnable cell, List<Runnable> entries, int table);

  /** Adds what {@code value} pushes to the local where the truth value in {@code mask} holds. */
  void addWhere(CodeBuilder code, int local, int mask, Runnable value);

  /** Pops the arguments of an arithmetic operation, pushes its result. */
  void compute(CodeBuilder code, Kind kind);
}

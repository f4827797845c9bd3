package org.lslu.kernel;

import java.lang.System.Logger.Level;

/** Which code the kernels are made of. */
public enum Provider {
  /** The processor's vectors, by module jdk.incubator.vector. */
  VECTOR,
  /** One float at a time; works everywhere. */
  SCALAR;

  /** Vectors where their module is present; else scalars, which is said once. */
  public static Provider best() {
    return Choice.BEST;
  }

  /** How many elements one step of its loops works on. */
  public int lanes() {
    return code().count();
  }

  LaneCode code() {
    return switch (this) {
      case VECTOR -> new VectorLanes();
      case SCALAR -> new ScalarLanes();
    };
  }

  /** The loop that copies vectors. */
  MoveLoop move() {
    return switch (this) {
      case VECTOR -> VectorMove.LOOP;
      case SCALAR -> ScalarMove.LOOP;
    };
  }

  private static final class VectorMove {
    static final MoveLoop LOOP = MoveCompiler.compile(new VectorLanes());
  }

  private static final class ScalarMove {
    static final MoveLoop LOOP = MoveCompiler.compile(new ScalarLanes());
  }

  private static final class Choice {
    static final Provider BEST = choose();

    private static Provider choose() {
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        return VECTOR;
      }
      System.getLogger(Provider.class.getName())
          .log(
              Level.WARNING,
              "kernels run without vector instructions, many times slower;"
                  + " start Java with --add-modules jdk.incubator.vector");
      return SCALAR;
    }
  }
}

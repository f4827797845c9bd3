package org.lslu.kernel;

import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/** Defines hidden classes in this package. */
final class GeneratedClass {
  private GeneratedClass() {}

  /**
   * An instance of a new class without fields.
   *
   * @param kind the interface that it implements
   * @param methods writes the methods
   */
  static <T> T of(Class<T> kind, Consumer<ClassBuilder> methods) {
    final byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(kind.getPackageName() + ".Compiled" + kind.getSimpleName()),
                type -> {
                  type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
                  type.withInterfaceSymbols(ClassDesc.of(kind.getName()));
                  type.withMethodBody(
                      INIT_NAME,
                      MTD_void,
                      0,
                      code ->
                          code.aload(0)
                              .invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void)
                              .return_());
                  methods.accept(type);
                });
    try {
      return kind.cast(
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException problem) {
      throw new LinkageError("a generated kernel does not load", problem);
    }
  }
}

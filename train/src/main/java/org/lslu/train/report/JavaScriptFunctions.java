package org.lslu.train.report;

import java.util.List;
import java.util.stream.Collectors;
import org.lslu.function.JavaScript;

/** The script that holds a page's functions: {@code functions[family][member](x, p)}. */
final class JavaScriptFunctions {
  private JavaScriptFunctions() {}

  static String of(List<List<String>> functions) {
    return "\"use strict\";\n"
        + JavaScript.PRELUDE
        + functions.stream()
            .map(family -> "  [\n    " + String.join(",\n    ", family) + ",\n  ],\n")
            .collect(Collectors.joining("", "const functions = [\n", "];\n"));
  }
}

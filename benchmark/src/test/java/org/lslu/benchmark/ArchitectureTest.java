package org.lslu.benchmark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the plan of the house: who may import whom, and how things are called. */
class ArchitectureTest {
  /** From left to right: a room imports only rooms to its left. */
  private static final List<String> ROOMS =
      List.of("function", "kernel", "torch", "train", "cli", "benchmark");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.lslu");

  @Test
  void everyRoom_isSeenByThisTest() {
    Set<String> seen =
        HOUSE.stream().map(ArchitectureTest::room).collect(toCollection(TreeSet::new));

    assertThat(seen)
        .as("first package below org.lslu of every class")
        .containsExactlyInAnyOrderElementsOf(ROOMS);
  }

  static Stream<String> roomsWithAnyToTheirRight() {
    return ROOMS.stream().limit(ROOMS.size() - 1L);
  }

  @ParameterizedTest
  @MethodSource("roomsWithAnyToTheirRight")
  void room_importsOnlyRoomsToItsLeft(String room) {
    String[] toTheRight =
        IntStream.range(ROOMS.indexOf(room) + 1, ROOMS.size())
            .mapToObj(i -> packages(ROOMS.get(i)))
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(packages(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(toTheRight)
        .because("function <- kernel <- torch <- train <- cli <- benchmark")
        .check(HOUSE);
  }

  @Test
  void function_needsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage(packages("function"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", packages("function"))
        .because("it is useful without any engine")
        .check(HOUSE);
  }

  @Test
  void kernel_needsOnlyTheJdkAndFunction() {
    classes()
        .that()
        .resideInAPackage(packages("kernel"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "jdk.incubator.vector..",
            "org.jspecify..",
            packages("function"),
            packages("kernel"))
        .because("it is useful without LibTorch")
        .check(HOUSE);
  }

  @Test
  void libTorch_staysBehindTheRoomsThatTrain() {
    noClasses()
        .that()
        .resideInAnyPackage(packages("function"), packages("kernel"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(HOUSE);
  }

  @Test
  void className_saysWhatItIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?")
        .because("such a name says nothing about the idea")
        .check(HOUSE);
  }

  @Test
  void everyPackage_isNullMarked() {
    List<String> unmarked =
        HOUSE.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .sorted()
            .toList();

    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  private static String packages(String room) {
    return "org.lslu." + room + "..";
  }

  private static String room(JavaClass type) {
    String below = type.getPackageName().replaceFirst("^org\\.lslu\\.?", "");
    return below.replaceFirst("\\..*", "");
  }
}

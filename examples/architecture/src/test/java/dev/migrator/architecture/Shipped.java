package dev.migrator.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The shipped modules: their packages, and how many public top-level types each may have. */
enum Shipped {
  API("migrator-api", 40, "dev.migrator.model", "dev.migrator.spi"),
  CORE("migrator-core", 16, "dev.migrator.core"),
  KUBEVIRT("provider-kubevirt", 6, "dev.migrator.kubevirt"),
  TEST_KIT("provider-test-kit", 50, "dev.migrator.testkit");

  /** Public only because the simulator has several packages; no author meets them. */
  private static final List<String> INNER =
      List.of(
          "dev.migrator.testkit.kubevirt.controller",
          "dev.migrator.testkit.kubevirt.machine",
          "dev.migrator.testkit.kubevirt.node");

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(Shipped.allPackages());

  final String module;
  final int budget;
  private final List<String> roots;

  Shipped(String module, int budget, String... roots) {
    this.module = module;
    this.budget = budget;
    this.roots = List.of(roots);
  }

  /** Its packages as ArchUnit spells them, sub-packages included. */
  String[] packages() {
    return roots.stream().map(root -> root + "..").toArray(String[]::new);
  }

  /** The packages of several modules as ArchUnit spells them. */
  static String[] packages(Shipped... modules) {
    return Arrays.stream(modules)
        .flatMap(module -> Stream.of(module.packages()))
        .toArray(String[]::new);
  }

  /** The classes of this module, nested ones included. */
  List<JavaClass> classes() {
    return CLASSES.stream().filter(this::holds).toList();
  }

  /** The public top-level types that somebody outside may use. */
  List<String> openTypes() {
    return classes().stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(type -> !INNER.contains(type.getPackageName()))
        .map(JavaClass::getName)
        .sorted()
        .toList();
  }

  private boolean holds(JavaClass candidate) {
    String name = candidate.getPackageName();
    return roots.stream().anyMatch(root -> name.equals(root) || name.startsWith(root + "."));
  }

  private static String[] allPackages() {
    return Arrays.stream(values()).flatMap(module -> module.roots.stream()).toArray(String[]::new);
  }
}

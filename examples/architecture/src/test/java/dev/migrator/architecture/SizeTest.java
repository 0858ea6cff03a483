package dev.migrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much there is to read: public types a module, lines a file. */
class SizeTest {

  private static final int LINES = 400;

  @ParameterizedTest
  @EnumSource
  void publicTypesStayWithinTheBudget(Shipped module) {
    List<String> open = module.openTypes();
    System.out.printf(
        "%-18s %2d public types of %2d allowed%n", module.module, open.size(), module.budget);
    assertThat(open).as(module.module).hasSizeLessThanOrEqualTo(module.budget);
  }

  @ParameterizedTest
  @EnumSource
  void filesStayReadable(Shipped module) throws IOException {
    Path sources = Path.of("..", "..", module.module, "src", "main", "java");
    try (Stream<Path> files = Files.walk(sources)) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readAllLines(file))
                      .as("%s is longer than %s lines", file, LINES)
                      .hasSizeLessThanOrEqualTo(LINES));
    }
  }
}

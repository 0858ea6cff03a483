package dev.migrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents point at what exists, and are short enough to be read. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern REMOTE = Pattern.compile("[a-z]+:.*");
  private static final int README_LINES = 120;

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".md"))
              .map(ROOT::relativize)
              .filter(file -> !file.toString().contains("target/"))
              .sorted()
              .toList();
      return found.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    Path folder = ROOT.resolve(document).getParent();
    assertThat(links(ROOT.resolve(document)))
        .allSatisfy(link -> assertThat(folder.resolve(link)).as(link).exists());
  }

  @Test
  void theReadmeFitsOnThreeScreens() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThan(README_LINES);
  }

  @ParameterizedTest
  @MethodSource("dev.migrator.architecture.Shipped#values")
  void everyShippedModuleSaysWhatItIsFor(Shipped module) {
    assertThat(ROOT.resolve(module.module).resolve("README.md")).exists();
  }

  @Test
  void everyDecisionIsListed() throws IOException {
    Path decisions = ROOT.resolve("docs/adr");
    String index = Files.readString(decisions.resolve("README.md"));
    try (Stream<Path> files = Files.list(decisions)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.matches("\\d{4}-.*\\.md"))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(index).contains("(" + name + ")"));
    }
  }

  private static List<String> links(Path document) throws IOException {
    return LINK.matcher(Files.readString(document))
        .results()
        .map((MatchResult link) -> link.group(1))
        .filter(link -> !REMOTE.matcher(link).matches())
        .toList();
  }
}

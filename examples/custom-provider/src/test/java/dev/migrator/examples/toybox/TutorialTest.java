package dev.migrator.examples.toybox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tutorial shows is what is compiled. */
class TutorialTest {

  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern VERSION = Pattern.compile("<([\\w.-]*version)>\\d+\\.\\S*</\\1>");

  @ParameterizedTest
  @MethodSource("blocks")
  void theCodeOfTheTutorialIsCompiled(String block) throws IOException {
    assertThat(sources()).anySatisfy(source -> assertThat(source).contains(flat(block)));
  }

  @Test
  void theTutorialHasCode() throws IOException {
    assertThat(blocks()).hasSizeGreaterThan(8);
  }

  @Test
  void thePomOfTheTutorialIsThatOfThisBuild() throws IOException {
    String build = Files.readString(Path.of("../../pom.xml"));
    List<MatchResult> versions =
        VERSION.matcher(Files.readString(Path.of("README.md"))).results().toList();

    assertThat(versions).hasSizeGreaterThan(4);
    assertThat(versions)
        .allSatisfy(
            version ->
                assertThat(build).contains(version.group().replace("migrator.version", "version")));
  }

  static Stream<String> blocks() throws IOException {
    return JAVA.matcher(Files.readString(Path.of("README.md")))
        .results()
        .map((MatchResult block) -> block.group(1));
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(TutorialTest::read)
          .map(TutorialTest::flat)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without indentation and line breaks, which depend on where the code stands. */
  private static String flat(String code) {
    return code.strip().replaceAll("\\s+", " ");
  }
}

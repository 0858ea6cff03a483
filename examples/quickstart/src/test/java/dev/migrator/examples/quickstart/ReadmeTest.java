package dev.migrator.examples.quickstart;

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

/** What the README shows is what is compiled, and what it tells people to type exists. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      Pattern.compile("// README: begin\\n(.*?)\\n *// README: end", Pattern.DOTALL);
  private static final Pattern COMMAND = Pattern.compile("\\./mvnw [^\\n`|]*");
  private static final Pattern PROFILE = Pattern.compile("(?<= )-P(\\w+)");
  private static final Pattern MODULES = Pattern.compile("(?<= )-pl ([\\w/,-]+)");

  @Test
  void theProgramIsTheCompiledOne() throws IOException {
    String source =
        read("examples/quickstart/src/main/java/dev/migrator/examples/quickstart/Quickstart.java");
    String program = only(REGION, source).stripIndent() + "\n";

    assertThat(only(JAVA, read("README.md"))).isEqualTo(program);
    assertThat(program.lines()).hasSizeLessThanOrEqualTo(12);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandNamesProfilesAndModulesThatExist(String command) throws IOException {
    String pom = read("pom.xml");
    assertThat(matches(PROFILE, command))
        .allSatisfy(profile -> assertThat(pom).contains("<id>" + profile + "</id>"));
    assertThat(matches(MODULES, command).stream().flatMap(list -> Stream.of(list.split(","))))
        .allSatisfy(module -> assertThat(ROOT.resolve(module).resolve("pom.xml")).exists());
  }

  static Stream<String> commands() throws IOException {
    return Stream.of("README.md", "CONTRIBUTING.md", "AGENTS.md")
        .flatMap(document -> COMMAND.matcher(read(document)).results().map(MatchResult::group))
        .distinct();
  }

  @Test
  void theReadmeHasBothCommands() throws IOException {
    assertThat(COMMAND.matcher(read("README.md")).results().map(MatchResult::group))
        .anyMatch(command -> command.startsWith("./mvnw -Pdemo"))
        .anyMatch(command -> command.startsWith("./mvnw verify"));
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String only(Pattern pattern, String text) {
    List<String> found = matches(pattern, text);
    assertThat(found).as(pattern.pattern()).hasSize(1);
    return found.get(0);
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

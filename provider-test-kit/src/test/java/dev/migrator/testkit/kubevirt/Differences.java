package dev.migrator.testkit.kubevirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the simulator is meant to differ from a recording: a table of the documentation. */
final class Differences {
  private static final Path DOCUMENT = Path.of("../docs/kubevirt-facts.md");
  private static final Pattern ROW =
      Pattern.compile("\\| ((?:`[0-9.a-z_/*-]+`(?:, )?)+) \\| ((?:`[^`|]+`(?:, )?)+) \\| .+ \\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * One of them.
   *
   * @param scenario such as {@code 1.9-to-1.9/happy}
   * @param fact how the line of a digest begins
   */
  record Difference(String scenario, String fact) {

    boolean isAbout(String line) {
      return line.startsWith(fact);
    }
  }

  private Differences() {}

  /** All that the documentation lists. */
  static List<Difference> all() {
    List<Difference> all = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(DOCUMENT)) {
        Matcher row = ROW.matcher(line);
        if (row.matches()) {
          for (String scenario : codes(row.group(1))) {
            codes(row.group(2)).forEach(fact -> all.add(new Difference(full(scenario), fact)));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The table of differences cannot be read", e);
    }
    return all;
  }

  private static String full(String scenario) {
    return scenario.contains("/") ? scenario : "1.9-to-1.9/" + scenario;
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(result -> result.group(1)).toList();
  }
}

package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped and documented is what is declared. */
final class RightsTest {

  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "migrator", "kubevirt", "rights");
  private static final Path DOCUMENT = Path.of("..", "docs", "rights.md");
  private static final String AGAIN =
      "Run this test with -Dmigrator.docs.write=true to write it anew";

  @Test
  void theShippedRolesAreTheDeclaredOnes() throws IOException {
    Map<String, String> wanted = RoleFiles.all();
    if (Boolean.getBoolean("migrator.docs.write")) {
      for (Map.Entry<String, String> each : wanted.entrySet()) {
        Files.createDirectories(FOLDER.resolve(each.getKey()).getParent());
        Files.writeString(FOLDER.resolve(each.getKey()), each.getValue());
      }
    }

    for (Map.Entry<String, String> each : wanted.entrySet()) {
      assertThat(Files.readString(FOLDER.resolve(each.getKey())))
          .as("%s. %s", each.getKey(), AGAIN)
          .isEqualTo(each.getValue());
    }
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> FOLDER.relativize(file).toString()))
          .containsExactlyInAnyOrderElementsOf(wanted.keySet());
    }
  }

  @Test
  void theDocumentListsEveryRight() throws IOException {
    List<String> wanted = Rights.all().stream().map(Right::documentation).toList();
    List<String> lines = Files.readAllLines(DOCUMENT);
    if (Boolean.getBoolean("migrator.docs.write")) {
      int first = lines.indexOf("| --- | --- | --- | --- | --- | --- | --- |") + 1;
      List<String> rest =
          lines.subList(first, lines.size()).stream()
              .dropWhile(line -> line.startsWith("|"))
              .toList();
      lines = Stream.of(lines.subList(0, first), wanted, rest).flatMap(List::stream).toList();
      Files.write(DOCUMENT, lines);
    }

    assertThat(lines.stream().filter(line -> line.startsWith("| `")))
        .as(AGAIN)
        .containsExactlyElementsOf(wanted);
  }

  @Test
  void addingAnAuthorityIsARoleOfItsOwn() {
    for (Grant grant : Grant.values()) {
      boolean writes =
          ShippedRoles.text(grant.role() + ".yaml").contains(Trust.EXTERNAL)
              || ShippedRoles.text("namespaced/" + grant.role() + ".yaml").contains(Trust.EXTERNAL);
      assertThat(writes).as(grant.role()).isEqualTo(grant == Grant.TRUST);
    }
  }

  @Test
  void noRoleHasAWildcardOrMayDeleteByTheDozen() {
    for (String file : RoleFiles.all().keySet()) {
      assertThat(ShippedRoles.text(file)).isNotEmpty().doesNotContain("*", "deletecollection");
    }
  }

  @Test
  void theRequesterIsAskedForNoMoreThanWeDo() {
    assertThat(Rights.all())
        .allSatisfy(right -> assertThat(right.verbs()).containsAll(right.ofRequester()));
  }
}

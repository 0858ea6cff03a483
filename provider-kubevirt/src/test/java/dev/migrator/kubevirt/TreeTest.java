package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Trees are read, edited and copied without losing or sharing anything. */
class TreeTest {

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aCopyIsEqualAndSharesNothing(@ForAll("trees") Map<String, Object> tree) {
    Map<String, Object> copy = Tree.copy(tree);
    assertThat(copy).isEqualTo(tree);
    String before = Fingerprint.canonical(tree);
    scribble(copy);
    assertThat(Fingerprint.canonical(tree)).isEqualTo(before);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void equalTreesHaveOneSpelling(@ForAll("trees") Map<String, Object> tree) {
    Map<String, Object> reversed = new LinkedHashMap<>();
    List<String> keys = new ArrayList<>(tree.keySet());
    java.util.Collections.reverse(keys);
    keys.forEach(key -> reversed.put(key, tree.get(key)));
    assertThat(Fingerprint.canonical(reversed)).isEqualTo(Fingerprint.canonical(tree));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void nothingIsLostBetweenEqualObjects(@ForAll("trees") Map<String, Object> tree) {
    assertThat(SpecDiff.lost(object(tree), object(Tree.copy(tree)))).isEmpty();
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void everyFieldThatASchemaPrunesIsReported(@ForAll("trees") Map<String, Object> tree) {
    Map<String, Object> sent = Tree.copy(tree);
    Tree.put(sent, "value", "spec", "newField");
    Map<String, Object> stored = Tree.copy(sent);
    Tree.remove(stored, "spec", "newField");
    assertThat(SpecDiff.lost(object(sent), object(stored))).containsExactly("spec.newField");
  }

  @Test
  void valuesOfAnotherShapeReadAsAbsent() {
    Map<String, Object> tree = Map.of("list", List.of(1, "two"), "text", "x", "blank", " ");
    assertThat(Tree.text(tree, "list")).isEmpty();
    assertThat(Tree.text(tree, "blank")).isEmpty();
    assertThat(Tree.map(tree, "text")).isEmpty();
    assertThat(Tree.maps(tree, "list")).isEmpty();
    assertThat(Tree.texts(tree, "list")).containsExactly("two");
    assertThat(Tree.at(tree, "text", "deeper")).isNull();
    assertThat(Tree.maps("no map at all", "x")).isEmpty();
  }

  @Test
  void listElementsAreFoundAgainByTheirName() {
    GenericKubernetesResource sent =
        object(
            Map.of("disks", List.of(Map.of("name", "a", "x", 1), Map.of("name", "b", "new", 1))));
    GenericKubernetesResource stored =
        object(
            Map.of("disks", List.of(Map.of("name", "b"), Map.of("name", "a", "x", 2, "more", 3))));
    assertThat(SpecDiff.lost(sent, stored)).containsExactly("disks[b].new");
  }

  @Provide
  Arbitrary<Map<String, Object>> trees() {
    return maps(2);
  }

  private static Arbitrary<Map<String, Object>> maps(int depth) {
    return Arbitraries.maps(
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6), nodes(depth))
        .ofMaxSize(4)
        .map(LinkedHashMap::new);
  }

  private static Arbitrary<Object> nodes(int depth) {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(5).map(Object.class::cast),
            Arbitraries.integers().map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast));
    if (depth == 0) {
      return scalars;
    }
    return Arbitraries.oneOf(
        scalars,
        maps(depth - 1).map(Object.class::cast),
        nodes(depth - 1).list().ofMaxSize(3).map(ArrayList::new).map(Object.class::cast));
  }

  private static void scribble(Map<String, Object> map) {
    map.values()
        .forEach(
            value -> {
              if (value instanceof Map<?, ?>) {
                scribble(Tree.map(value));
              } else if (value instanceof List<?> list) {
                Tree.maps(Map.of("list", list), "list").forEach(TreeTest::scribble);
                list.clear();
              }
            });
    map.put("scribbled", true);
  }

  private static GenericKubernetesResource object(Map<String, Object> properties) {
    GenericKubernetesResource made = Kind.VIRTUAL_MACHINE.blank("demo", "web");
    made.setAdditionalProperties(new LinkedHashMap<>(properties));
    return made;
  }
}

package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.kubevirt.CrashPoints.Crash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The process dies before or after each write and each save; its successor ends in the same state.
 *
 * <p>All cells take minutes. By default each flow runs its share of the kinds of points, with
 * shapes by turns; {@code -Dmigrator.exhaustive=true} runs all.
 */
final class CrashTest {

  static final boolean EVERYTHING = Boolean.getBoolean("migrator.exhaustive");

  private static final int PAIRS = EVERYTHING ? 300 : 12;

  // Each flow runs other kinds of points, so that all flows together run them all.
  private static final int SAMPLE = Flow.values().length;

  /** A run without a crash: what every other one is held to. */
  private record Calm(Left left, Map<String, Integer> created, List<String> names) {}

  @TestFactory
  Stream<DynamicTest> everyCrashEndsAsWithoutIt() {
    List<DynamicTest> tests = new ArrayList<>();
    int cells = 0;
    for (Flow flow : Flow.values()) {
      Set<String> kinds = new HashSet<>();
      List<Shape> shapes = new ArrayList<>(List.of(Shape.values()));
      java.util.Collections.rotate(shapes, flow.ordinal());
      for (Shape shape : shapes) {
        Calm calm = calm(flow, shape);
        for (int point = 1; point <= calm.names.size(); point++) {
          String name = calm.names.get(point - 1);
          for (boolean after : new boolean[] {false, true}) {
            cells++;
            boolean isNew = kinds.add(after + name);
            if (EVERYTHING || (isNew && kinds.size() % SAMPLE == flow.ordinal() % SAMPLE)) {
              Crash crash = new Crash(point, after);
              String when = (after ? "after " : "before ") + point + " " + name;
              tests.add(
                  DynamicTest.dynamicTest(
                      flow + " x " + shape + " x " + when, () -> hold(calm, flow, shape, crash)));
            }
          }
        }
      }
    }
    System.out.println(
        "Crash matrix: "
            + tests.size()
            + " of "
            + cells
            + " cells run; all with"
            + " -Dmigrator.exhaustive=true");
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> twoCrashesEndAsWithoutThem() {
    return IntStream.range(0, PAIRS)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              Flow flow = Flow.values()[seed % Flow.values().length];
              Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
              int first = 1 + random.nextInt(35);
              // Counted over both lives, so the second one comes soon after, or much later.
              int second = first + 1 + random.nextInt(seed % 2 == 0 ? 3 : 30);
              Crash one = new Crash(first, random.nextBoolean());
              Crash other = new Crash(second, random.nextBoolean());
              return DynamicTest.dynamicTest(
                  flow + " x " + shape + " x seed " + seed + ": " + one + ", " + other,
                  () -> hold(calm(flow, shape), flow, shape, one, other));
            });
  }

  private static final Map<String, Calm> CALM = new HashMap<>();

  private static Calm calm(Flow flow, Shape shape) {
    return CALM.computeIfAbsent(flow + " x " + shape, unknown -> run(flow, shape));
  }

  private static Calm run(Flow flow, Shape shape) {
    try (MigrationRig rig = shape.boot()) {
      CrashPoints points = new CrashPoints(rig);
      Left left = left(rig, flow, points);
      return new Calm(left, points.created(), points.names());
    }
  }

  private static void hold(Calm calm, Flow flow, Shape shape, Crash... crashes) {
    try (MigrationRig rig = shape.boot()) {
      CrashPoints points = new CrashPoints(rig, crashes);
      assertThat(left(rig, flow, points)).isEqualTo(calm.left);
      assertThat(points.created()).isEqualTo(calm.created);
    }
  }

  private static Left left(MigrationRig rig, Flow flow, CrashPoints points) {
    flow.arrange(rig);
    flow.act(rig);
    Left left = Left.of(rig, rig.run(), flow);
    assertThat(points.sins()).isEmpty();
    return left;
  }
}

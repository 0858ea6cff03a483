package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No record that holds an object of a cluster prints what is in it: somebody will log it. */
final class ToStringTest {

  private static final MigrationPlan PLAN =
      MigrationPlan.builder("plan", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
          .vm("ns", "name")
          .build();

  /** Every record of this module whose components lead to a tree or an object of a cluster. */
  static Stream<Class<?>> holders() {
    return records().filter(ToStringTest::holds);
  }

  @Test
  void thereAreSuchRecords() {
    assertThat(holders()).contains(VmView.class, Blueprint.class, SourceMachine.class);
  }

  @ParameterizedTest
  @MethodSource("holders")
  void aRecordDoesNotPrintWhatItsObjectsHold(Class<?> type) {
    Canaries.assertSilent("toString of " + type.getSimpleName(), make(type));
  }

  private static boolean holds(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getGenericType)
        .anyMatch(ToStringTest::isTree);
  }

  private static boolean isTree(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(ToStringTest::isTree);
    }
    return type == Object.class
        || type == GenericKubernetesResource.class
        || (type instanceof Class<?> other && other.isRecord() && isOurs(other) && holds(other));
  }

  private static boolean isOurs(Class<?> type) {
    return type.getPackage().equals(Trust.class.getPackage());
  }

  private static Object make(Class<?> type) {
    try {
      RecordComponent[] components = type.getRecordComponents();
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(
          Arrays.stream(components).map(it -> value(it.getGenericType())).toArray());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("Teach this test to make a " + type, e);
    }
  }

  private static Object value(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      Type[] of = parameterized.getActualTypeArguments();
      Class<?> raw = (Class<?>) parameterized.getRawType();
      if (raw == Map.class) {
        return new LinkedHashMap<>(Map.of(value(of[0]), value(of[1])));
      }
      if (raw == Optional.class) {
        return Optional.of(value(of[0]));
      }
      return raw == Set.class ? Set.of(value(of[0])) : List.of(value(of[0]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == Object.class) {
      return Canaries.of("tree");
    }
    if (plain == GenericKubernetesResource.class) {
      return resource();
    }
    if (plain.isRecord() && isOurs(plain)) {
      return make(plain);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    }
    return simple(plain);
  }

  private static Object simple(Class<?> type) {
    Map<Class<?>, Object> values =
        Map.of(
            String.class,
            "text",
            boolean.class,
            true,
            int.class,
            1,
            long.class,
            1L,
            Instant.class,
            Instant.EPOCH,
            Duration.class,
            Duration.ZERO,
            ObjectRef.class,
            new ObjectRef(Side.SOURCE, "v1", "Secret", "ns", "name", "uid"),
            VmStatus.class,
            VmStatus.pending(PLAN, PLAN.vms().get(0)));
    return Optional.ofNullable(values.get(type))
        .orElseThrow(() -> new AssertionError("Teach this test to make a " + type));
  }

  private static GenericKubernetesResource resource() {
    GenericKubernetesResource made = new GenericKubernetesResource();
    made.setApiVersion("v1");
    made.setKind("Secret");
    made.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("ns")
            .withName("name")
            .addToAnnotations(
                "kubectl.kubernetes.io/last-applied-configuration", Canaries.of("annotation"))
            .build());
    made.setAdditionalProperty("data", Map.of("key", Canaries.base64(Canaries.of("data"))));
    made.setAdditionalProperty("spec", Map.of("key", Canaries.of("spec")));
    made.setAdditionalProperty("status", Map.of("key", Canaries.of("status")));
    return made;
  }

  private static Stream<Class<?>> records() {
    try {
      URI place = Trust.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path classes = Path.of(place).resolve(Trust.class.getPackageName().replace('.', '/'));
      List<Class<?>> found = new ArrayList<>();
      try (Stream<Path> files = Files.list(classes)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".class") && !name.startsWith("package-info")) {
            Class<?> type =
                Class.forName(
                    Trust.class.getPackageName() + "." + name.substring(0, name.length() - 6));
            if (type.isRecord()) {
              found.add(type);
            }
          }
        }
      }
      return found.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}

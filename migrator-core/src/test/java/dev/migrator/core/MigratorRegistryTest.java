package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratorRegistryTest {

  /** A provider of plans whose type is its id. */
  public static class Live implements MigratorProvider {
    @Override
    public String id() {
      return "alpha";
    }

    @Override
    public boolean supports(MigrationPlan plan) {
      return "live".equals(plan.type());
    }

    @Override
    public Migrator create(MigrationPlan plan, MigratorContext context) {
      throw new IllegalStateException("A registry makes no migrators");
    }
  }

  public static final class OtherLive extends Live {
    @Override
    public String id() {
      return "beta";
    }
  }

  public static final class Broken extends Live {
    public Broken() {
      throw new IllegalStateException("No licence found");
    }
  }

  public static final class Unlinked extends Live {
    public Unlinked() {
      throw new NoClassDefFoundError("some/missing/Library");
    }
  }

  private static MigratorProvider named(String id) {
    return new Live() {
      @Override
      public String id() {
        return id;
      }
    };
  }

  private static MigrationPlan plan(String source, String target, String type) {
    return MigrationPlan.builder("p", Endpoint.of(source, "east"), Endpoint.of(target, "west"))
        .type(type)
        .build();
  }

  private static ClassLoader loader(Path folder, String... classes) throws IOException {
    Path file = folder.resolve("META-INF/services/" + MigratorProvider.class.getName());
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(classes));
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, MigratorRegistryTest.class.getClassLoader());
  }

  @Test
  void theClassLoaderThatIsPassedInIsSearched(@TempDir Path folder) throws IOException {
    MigratorRegistry registry =
        MigratorRegistry.discover(loader(folder, OtherLive.class.getName(), Live.class.getName()));

    assertThat(registry.ids()).containsExactly("alpha", "beta");
    assertThat(registry.problems()).isEmpty();
  }

  @Test
  void theContextClassLoaderIsSearchedByDefault(@TempDir Path folder) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      thread.setContextClassLoader(loader(folder, Live.class.getName()));
      assertThat(MigratorRegistry.discover().ids()).containsExactly("alpha");
      thread.setContextClassLoader(null);
      assertThat(MigratorRegistry.discover().ids()).isEmpty();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void oneBrokenProviderDoesNotHideTheOthers(@TempDir Path folder) throws IOException {
    MigratorRegistry registry =
        MigratorRegistry.discover(
            loader(
                folder,
                Broken.class.getName(),
                "com.example.Missing",
                Unlinked.class.getName(),
                Live.class.getName()));

    assertThat(registry.ids()).containsExactly("alpha");
    assertThat(registry.problems()).hasSize(3);
    assertThat(registry.problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains(Broken.class.getName(), "test-classes", "No licence found"))
        .anySatisfy(problem -> assertThat(problem).contains("com.example.Missing"))
        .anySatisfy(
            problem ->
                assertThat(problem).contains(Unlinked.class.getName(), "some/missing/Library"));
  }

  @Test
  void theOneSupportingProviderIsSelected() {
    Live live = new Live();

    assertThat(MigratorRegistry.of(live).select(plan("x", "y", "live"))).isSameAs(live);
  }

  @Test
  void noSupportingProviderIsExplainedWithIdsAndPlaces(@TempDir Path folder) throws IOException {
    MigratorRegistry registry =
        MigratorRegistry.discover(loader(folder, Live.class.getName(), Broken.class.getName()));

    assertThatThrownBy(() -> registry.select(plan("x", "y", "cold")))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> {
              assertThat(e.code()).isEqualTo("NoProvider");
              assertThat(e.isRetryable()).isFalse();
            })
        .hasMessageContaining("plan 'p' (type cold, from x to y)")
        .hasMessageContaining("'alpha'")
        .hasMessageContaining("test-classes")
        .hasMessageContaining("No licence found");
    assertThatThrownBy(() -> MigratorRegistry.of().select(plan("x", "y", "live")))
        .hasMessageContaining("none was found. Add a provider's jar");
  }

  @Test
  void severalSupportingProvidersAreAnErrorThatNamesThemAll() {
    MigratorRegistry registry = MigratorRegistry.of(new OtherLive(), new Live());

    assertThatThrownBy(() -> registry.select(plan("x", "y", "live")))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.code()).isEqualTo("AmbiguousProvider"))
        .hasMessageContaining("'alpha'")
        .hasMessageContaining("'beta'")
        .hasMessageContaining("test-classes");
  }

  @Test
  void aProviderThatAnEndpointNamesIsCheckedAndNotSearchedFor() {
    Live live = new Live();
    MigratorRegistry registry = MigratorRegistry.of(new OtherLive(), live);

    assertThat(registry.select(plan("alpha", "alpha", "live"))).isSameAs(live);
    assertThat(registry.find(plan("alpha", "alpha", "cold"))).isEmpty();
    assertThatThrownBy(() -> registry.select(plan("alpha", "beta", "live")))
        .as("each end names another one")
        .hasMessageContaining("Several providers");
  }

  @Test
  void idsAreUniqueWellFormedAndNotReserved() {
    assertThatThrownBy(() -> MigratorRegistry.of(new Live(), new Live()))
        .hasMessageContaining("Two providers have one id")
        .hasMessageContaining("'alpha'");
    for (String bad : List.of("", "Alpha", "1a", "-a", "a_b", "a b", "ä")) {
      assertThatThrownBy(() -> MigratorRegistry.of(named(bad)))
          .as("'%s'", bad)
          .hasMessageContaining("lower-case letters");
    }
    assertThatThrownBy(() -> MigratorRegistry.of(named("migrator-live")))
        .hasMessageContaining("reserved");
    assertThat(MigratorRegistry.of(named("a-1")).ids()).containsExactly("a-1");
  }
}

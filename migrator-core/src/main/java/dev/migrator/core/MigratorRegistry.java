package dev.migrator.core;

import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.MigratorProvider;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that a runner may choose from; a plan must be supported by exactly one.
 *
 * <p>There are no priorities: what is ambiguous is an error that names every id and the jar that it
 * came from. Immutable.
 */
public final class MigratorRegistry {

  private static final Logger LOGGER = LoggerFactory.getLogger(MigratorRegistry.class);
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*");
  private static final String RESERVED = "migrator-";

  private record Entry(String id, MigratorProvider provider) {
    @Override
    public String toString() {
      return "'" + id + "' (" + location(provider.getClass()) + ")";
    }
  }

  private final List<Entry> entries;
  private final List<String> problems;

  private MigratorRegistry(Collection<MigratorProvider> providers, List<String> problems) {
    this.problems = List.copyOf(problems);
    this.entries =
        providers.stream()
            .map(provider -> new Entry(provider.id(), provider))
            .sorted(Comparator.comparing(Entry::id))
            .toList();
    entries.forEach(MigratorRegistry::checkId);
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i).id().equals(entries.get(i - 1).id())) {
        throw MigrationException.permanent(
            "DuplicateProvider",
            "Two providers have one id: "
                + entries.get(i - 1)
                + " and "
                + entries.get(i)
                + ". Remove one of the jars.");
      }
    }
  }

  /**
   * Finds the providers on the class path, through the context class loader of the calling thread
   * and, where that is another one, through the one that loaded this library.
   *
   * @return the registry
   * @throws MigrationException when an id is malformed, reserved or taken twice
   */
  public static MigratorRegistry discover() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return discover(context == null ? MigratorRegistry.class.getClassLoader() : context);
  }

  /**
   * Finds the providers that a class loader sees.
   *
   * <p>A provider that cannot be loaded is reported, in the log and in {@link #problems}, and does
   * not hide the others.
   *
   * @param loader the class loader
   * @return the registry
   * @throws MigrationException when an id is malformed, reserved or taken twice
   */
  public static MigratorRegistry discover(ClassLoader loader) {
    List<MigratorProvider> found = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Iterator<ServiceLoader.Provider<MigratorProvider>> candidates =
        ServiceLoader.load(MigratorProvider.class, loader).stream().iterator();
    while (true) {
      String place = "a service file";
      try {
        if (!candidates.hasNext()) {
          break;
        }
        ServiceLoader.Provider<MigratorProvider> candidate = candidates.next();
        place = candidate.type().getName() + " in " + location(candidate.type());
        found.add(candidate.get());
      } catch (ServiceConfigurationError | LinkageError e) {
        problems.add("Provider " + place + " cannot be loaded: " + reason(e));
        LOGGER.atWarn().addKeyValue("provider", place).setCause(e).log("Provider cannot be loaded");
      }
    }
    MigratorRegistry registry = new MigratorRegistry(found, problems);
    LOGGER.atDebug().addKeyValue("providers", registry.entries).log("Providers found");
    return registry;
  }

  /**
   * Holds the given providers: for hosts and tests that need no discovery.
   *
   * @param providers the providers; may be none
   * @return the registry
   * @throws MigrationException when an id is malformed, reserved or taken twice
   */
  public static MigratorRegistry of(MigratorProvider... providers) {
    return new MigratorRegistry(List.of(providers), List.of());
  }

  /** The ids of all providers, sorted. */
  public List<String> ids() {
    return entries.stream().map(Entry::id).toList();
  }

  /** What could not be loaded, each with where it is and why. */
  public List<String> problems() {
    return problems;
  }

  /**
   * The provider of a plan.
   *
   * @param plan the plan
   * @return the one provider that supports it
   * @throws MigrationException when none or several do; permanent
   */
  public MigratorProvider select(MigrationPlan plan) {
    return find(plan)
        .orElseThrow(() -> MigrationException.permanent("NoProvider", describeMissing(plan)));
  }

  /**
   * The provider of a plan, if there is one.
   *
   * <p>Where an endpoint of the plan names the id of a known provider, only the providers so named
   * are asked whether they support it.
   *
   * @param plan the plan
   * @return the one provider that supports it, or empty
   * @throws MigrationException when several do; permanent
   */
  Optional<MigratorProvider> find(MigrationPlan plan) {
    List<Entry> matching =
        candidates(plan).stream().filter(entry -> entry.provider().supports(plan)).toList();
    if (matching.size() > 1) {
      throw MigrationException.permanent(
          "AmbiguousProvider",
          "Several providers support "
              + describe(plan)
              + ": "
              + list(matching)
              + ". Name one of them as the provider of the plan's endpoints, or remove a jar.");
    }
    return matching.stream().findFirst().map(Entry::provider);
  }

  /** Why no provider was found, and what to do. */
  String describeMissing(MigrationPlan plan) {
    String broken = problems.isEmpty() ? "" : " " + String.join(". ", problems) + ".";
    if (entries.isEmpty()) {
      return "No provider supports "
          + describe(plan)
          + ": none was found. Add a provider's jar, or pass the class loader that sees it."
          + broken;
    }
    return "No provider supports "
        + describe(plan)
        + "; there are "
        + list(entries)
        + ". Check the plan's type and endpoints."
        + broken;
  }

  private List<Entry> candidates(MigrationPlan plan) {
    Set<String> named = Set.copyOf(List.of(plan.source().provider(), plan.target().provider()));
    List<Entry> known = entries.stream().filter(entry -> named.contains(entry.id())).toList();
    return known.isEmpty() ? entries : known;
  }

  private static String describe(MigrationPlan plan) {
    return "plan '"
        + plan.id()
        + "' (type "
        + plan.migrationType().id()
        + ", from "
        + plan.source().provider()
        + " to "
        + plan.target().provider()
        + ")";
  }

  private static String list(List<Entry> entries) {
    return entries.stream().map(Entry::toString).collect(Collectors.joining(", "));
  }

  private static void checkId(Entry entry) {
    if (!ID.matcher(entry.id()).matches()) {
      throw MigrationException.permanent(
          "BadProviderId",
          "Provider " + entry + " needs an id of lower-case letters, digits and hyphens.");
    }
    if (entry.id().startsWith(RESERVED)) {
      throw MigrationException.permanent(
          "BadProviderId",
          "Provider " + entry + " uses the prefix '" + RESERVED + "', which is reserved.");
    }
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? "the platform"
        : source.getLocation().toString();
  }

  private static String reason(Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}

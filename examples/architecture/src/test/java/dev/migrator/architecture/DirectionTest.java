package dev.migrator.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may see whom: api &lt;- core, api &lt;- provider, api and core &lt;- test kit. */
class DirectionTest {

  private static final String JDK = "java..";
  private static final String NULLNESS = "org.jspecify.annotations..";
  private static final String LOGGING = "org.slf4j..";

  @ParameterizedTest
  @EnumSource
  void everyModuleWasFound(Shipped module) {
    assertThat(module.classes()).as(module.module).isNotEmpty();
  }

  @Test
  void apiSeesOnlyTheJdkAndNullnessAnnotations() {
    classes()
        .that()
        .resideInAnyPackage(Shipped.API.packages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(with(Shipped.packages(Shipped.API), JDK, NULLNESS))
        .check(Shipped.CLASSES);
  }

  @Test
  void modelDoesNotSeeTheSpi() {
    noClasses()
        .that()
        .resideInAPackage("dev.migrator.model..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.migrator.spi..")
        .check(Shipped.CLASSES);
  }

  @Test
  void coreSeesOnlyApiAndLogging() {
    classes()
        .that()
        .resideInAnyPackage(Shipped.CORE.packages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            with(Shipped.packages(Shipped.API, Shipped.CORE), JDK, NULLNESS, LOGGING))
        .check(Shipped.CLASSES);
  }

  @Test
  void providerSeesApiFabric8AndLoggingButNeverCore() {
    classes()
        .that()
        .resideInAnyPackage(Shipped.KUBEVIRT.packages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            with(
                Shipped.packages(Shipped.API, Shipped.KUBEVIRT),
                JDK,
                NULLNESS,
                LOGGING,
                "javax.security.auth.x500..",
                "com.google.auto.service..",
                "io.fabric8.kubernetes.api..",
                "io.fabric8.kubernetes.client.."))
        .check(Shipped.CLASSES);
  }

  @Test
  void testKitDoesNotSeeTheProvider() {
    noClasses()
        .that()
        .resideInAnyPackage(Shipped.TEST_KIT.packages())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(Shipped.KUBEVIRT.packages())
        .check(Shipped.CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.(**)").should().beFreeOfCycles().check(Shipped.CLASSES);
  }

  @Test
  void everyPackageLivesInOneJar() {
    Map<String, Set<String>> homes = new TreeMap<>();
    Shipped.CLASSES.forEach(
        found ->
            homes
                .computeIfAbsent(found.getPackageName(), name -> new TreeSet<>())
                .add(home(found.getSource().orElseThrow().getUri().toString(), found.getName())));
    assertThat(homes).allSatisfy((name, jars) -> assertThat(jars).as(name).hasSize(1));
  }

  private static String home(String uri, String name) {
    int end = uri.indexOf(name.replace('.', '/'));
    assertThat(end).as("%s in %s", name, uri).isPositive();
    return uri.substring(0, end);
  }

  private static String[] with(String[] ours, String... more) {
    String[] all = java.util.Arrays.copyOf(ours, ours.length + more.length);
    System.arraycopy(more, 0, all, ours.length, more.length);
    return all;
  }
}

package dev.migrator.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What shipped code never does: read the clock, sleep, print, hide behind Jackson. */
class HabitsTest {

  private static final String[] PRODUCTION =
      Shipped.packages(Shipped.API, Shipped.CORE, Shipped.KUBEVIRT);
  private static final String[] ALL = Shipped.packages(Shipped.values());

  private static final DescribedPredicate<JavaClass> JACKSON =
      resideInAnyPackage("com.fasterxml.jackson..", "tools.jackson..");

  /** Ways to learn the time, or to spend it, that no manual clock can stand in for. */
  private static final DescribedPredicate<JavaCall<?>> WALL_CLOCK =
      describe(
          "reads the wall clock or sleeps",
          call -> {
            String owner = call.getTargetOwner().getName();
            String name = call.getName();
            return switch (owner) {
              case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(name);
              case "java.lang.Thread" -> Set.of("sleep", "onSpinWait").contains(name);
              case "java.util.concurrent.TimeUnit" -> name.equals("sleep");
              case "java.time.Clock" ->
                  (name.startsWith("system") || name.startsWith("tick")) && !isTheDefault(call);
              case "java.util.Date" ->
                  name.equals("<init>") && call.getTarget().getRawParameterTypes().isEmpty();
              default ->
                  owner.startsWith("java.time.")
                      && name.equals("now")
                      && call.getTarget().getRawParameterTypes().stream()
                          .noneMatch(type -> type.isAssignableTo(Clock.class));
            };
          });

  /** A host that gives no clock gets the system's: the one place that may say so. */
  private static boolean isTheDefault(JavaCall<?> call) {
    return call.getOriginOwner().getName().equals("dev.migrator.core.MigrationRunner$Builder");
  }

  @Test
  void timeComesFromTheGivenClock() {
    noClasses()
        .that()
        .resideInAnyPackage(PRODUCTION)
        .should()
        .callCodeUnitWhere(WALL_CLOCK)
        .check(Shipped.CLASSES);
  }

  @Test
  void nothingIsPrinted() {
    noClasses()
        .that()
        .resideInAnyPackage(PRODUCTION)
        .should(ACCESS_STANDARD_STREAMS)
        .check(Shipped.CLASSES);
  }

  @Test
  void loggingIsSlf4j() {
    noClasses()
        .that()
        .resideInAnyPackage(ALL)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(Shipped.CLASSES);
  }

  @Test
  void nothingEndsTheProcess() {
    noClasses()
        .that()
        .resideInAnyPackage(ALL)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(Shipped.CLASSES);
  }

  @Test
  void jacksonIsNeitherUsedNorPassedThrough() {
    noClasses()
        .that()
        .resideInAnyPackage(ALL)
        .should()
        .dependOnClassesThat(JACKSON)
        .orShould()
        .callCodeUnitWhere(
            describe(
                "has Jackson in the called signature",
                call ->
                    Stream.concat(
                            call.getTarget().getRawParameterTypes().stream(),
                            Stream.of(call.getTarget().getRawReturnType()))
                        .anyMatch(JACKSON)))
        .because("one jar then runs on every fabric8 line, whichever Jackson that line brings")
        .check(Shipped.CLASSES);
  }

  @Test
  void noStaticFieldCanChange() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(ALL)
        .and()
        .areStatic()
        .should()
        .beFinal()
        .check(Shipped.CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<JavaPackage> packages =
        Shipped.CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(
            found ->
                assertThat(found.isAnnotatedWith(NullMarked.class)).as(found.getName()).isTrue());
  }

  @Test
  void publicConcreteTypesAreFinal() {
    noClasses()
        .that()
        .resideInAnyPackage(PRODUCTION)
        .and()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .and()
        .areNotEnums()
        .should()
        .notHaveModifier(JavaModifier.FINAL)
        .because("nobody can then depend on overriding what was not meant for it")
        .check(Shipped.CLASSES);
  }
}

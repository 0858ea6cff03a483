package dev.migrator.testkit;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/**
 * Names the tests of the verification after their rules, and those that an author adds as usual.
 */
final class RuleNames extends DisplayNameGenerator.Standard {

  @Override
  public String generateDisplayNameForMethod(
      List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
    Checks checks = testMethod.getAnnotation(Checks.class);
    return checks == null
        ? super.generateDisplayNameForMethod(enclosingInstanceTypes, testClass, testMethod)
        : checks.value().toString();
  }
}

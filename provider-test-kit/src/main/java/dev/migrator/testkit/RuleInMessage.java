package dev.migrator.testkit;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Begins every failure of the verification with the rule that is broken, because build tools tend
 * to report a test by its method's name only.
 */
final class RuleInMessage implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext test)
      throws Throwable {
    proceed(invocation, test.getDisplayName());
  }

  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext test)
      throws Throwable {
    return proceed(invocation, test.getDisplayName());
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext dynamic,
      ExtensionContext test)
      throws Throwable {
    String rule = test.getParent().map(ExtensionContext::getDisplayName).orElse("");
    proceed(invocation, rule + " / " + test.getDisplayName());
  }

  private static <T extends @Nullable Object> T proceed(Invocation<T> invocation, String name)
      throws Throwable {
    try {
      return invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (AssertionError e) {
      throw broken(name + "\n" + e.getMessage(), e, e.getCause());
    } catch (Exception e) {
      throw broken(name + "\n" + e, e, e);
    }
  }

  private static AssertionError broken(String message, Throwable e, @Nullable Throwable cause) {
    AssertionError broken = new AssertionError(message, cause);
    broken.setStackTrace(e.getStackTrace());
    return broken;
  }
}

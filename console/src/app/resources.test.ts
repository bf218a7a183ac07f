import { expect, test } from "vitest";
import { pageOf } from "./resources";

test.each([
  ["AWS::CloudWatch::Alarm", "errors", "/cloudwatch/alarms/errors"],
  ["AWS::CloudWatch::Alarm", "a: b/c", "/cloudwatch/alarms/a%3A%20b%2Fc"],
  ["AWS::CloudWatch::CompositeAlarm", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a:b/c", "/cloudwatch/alarms/a%3Ab%2Fc"],
  ["AWS::CloudWatch::Dashboard", "arn:aws:cloudwatch::123456789012:dashboard/shop", "/cloudwatch/dashboards/shop"],
  ["AWS::Events::Rule", "arn:aws:events:us-east-1:123456789012:rule/bus/news", "/events/buses/bus/rules/news"],
  ["AWS::Logs::LogGroup", "/aws/lambda/tick", "/cloudwatch/log-groups/%2Faws%2Flambda%2Ftick"],
  ["AWS::SQS::Queue", "http://127.0.0.1:4566/123456789012/inbox", "/sqs/queues/inbox"],
])("%s %s is at %s", (type, id, page) => expect(pageOf(type, id)).toBe(page));

test("what has no page leads nowhere", () => expect(pageOf("AWS::Nothing::Here", "a")).toBeUndefined());

//! Queries in the terms of the SDK.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

use super::attribute;
use crate::query_table::{Operator, Query};

/// `Query`, ready to be sent. Names and values stand outside the expression, so none can be taken for a part of it.
pub(super) fn query(client: &Client, query: &Query) -> QueryFluentBuilder {
    let mut request = client
        .query()
        .table_name(&query.table)
        .set_index_name(query.index.clone())
        .scan_index_forward(!query.descending)
        .expression_attribute_names("#p", &query.partition.name)
        .expression_attribute_values(":p", attribute(query.partition.value.clone()));
    let mut expression = "#p = :p".to_owned();
    if let Some(sort) = &query.sort {
        expression += match sort.operator {
            Operator::Equal => " AND #s = :s",
            Operator::Less => " AND #s < :s",
            Operator::LessOrEqual => " AND #s <= :s",
            Operator::Greater => " AND #s > :s",
            Operator::GreaterOrEqual => " AND #s >= :s",
            Operator::Between => " AND #s BETWEEN :s AND :t",
            Operator::BeginsWith => " AND begins_with(#s, :s)",
        };
        request = request.expression_attribute_names("#s", &sort.name);
        request = request.expression_attribute_values(":s", attribute(sort.operand.clone()));
        if let Some(greatest) = &sort.greatest {
            request = request.expression_attribute_values(":t", attribute(greatest.clone()));
        }
    }
    request.key_condition_expression(expression)
}

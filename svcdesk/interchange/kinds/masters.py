"""Imports of what tickets refer to: customers, products, orders, staff (domain.md 2.1–2.3, 2.17)."""

from __future__ import annotations

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.kinds.model import Field, FieldType, Kind

T = FieldType

CUSTOMERS = Kind(
    "customers",
    "customer",
    "customer",
    N_("Customers"),
    (
        Field(
            "customer_no", T.CODE, synonyms=("客户号", "会员号", "customer id"), example="KH000123"
        ),
        Field("external_no", T.CODE, synonyms=("外部编号", "external id")),
        Field(
            "name",
            T.NAME,
            required=True,
            length=50,
            example="李明",
            synonyms=(
                "姓名",
                "客户姓名",
                "客户",
                "联系人",
                "customer",
                "customer name",
                "full name",
            ),
        ),
        Field("kind", T.CHOICE, choice="CustomerKind", example="个人"),
        Field(
            "phones",
            T.PHONES,
            example="13800005678",
            synonyms=(
                "手机",
                "手机号",
                "手机号码",
                "联系电话",
                "电话号码",
                "phone",
                "mobile",
                "tel",
            ),
        ),
        Field("wechat", T.CODE, synonyms=("微信号",)),
        Field("email", T.CODE, synonyms=("电子邮箱", "电子邮件", "e-mail", "mail")),
        Field("address", T.TEXT, synonyms=("联系地址", "收货地址")),
        Field("region", T.NAME, synonyms=("地区", "区域", "省份", "城市", "city", "state")),
        Field("tier", T.CHOICE, choice="Tier", synonyms=("客户级别", "客户分层")),
        Field(
            "spend_12m", T.MONEY, low=0, synonyms=("年消费额", "消费金额", "spend"), example="3680"
        ),
        Field("order_count_12m", T.INTEGER, low=0, synonyms=("订单数",)),
        Field("opt_out", T.YES_NO, synonyms=("谢绝回访",), example="否"),
        Field("consent_at", T.MOMENT, happened=True, synonyms=("告知时间", "同意时间")),
        Field("manager", T.REFERENCE, target="person", synonyms=("专属客服", "客户负责人")),
        Field("notes", T.TEXT, synonyms=("客户备注", "说明", "remark")),
    ),
    number="customer_no",
)

PRODUCTS = Kind(
    "products",
    "product",
    "product",
    N_("Products"),
    (
        Field("product_no", T.CODE, synonyms=("产品号", "商品编号", "sku", "product id"), example="CP-001"),
        Field("name", T.NAME, required=True, example="洗碗机 W60",
              synonyms=("产品", "商品名称", "品名", "product")),
        Field("category", T.REFERENCE, target="product_category", synonyms=("品类", "类别", "产品分类")),
        Field("model", T.NAME, synonyms=("产品型号", "规格型号"), example="W60"),
        Field("brand", T.NAME, synonyms=("产品品牌",)),
        Field("warranty_months", T.INTEGER, low=0, high=120, synonyms=("保修期", "质保月数"), example="12"),
        Field("three_guarantee", T.YES_NO, synonyms=("三包商品",)),
        Field("launch_date", T.DAY, synonyms=("上市时间", "发布日期")),
        Field("active", T.YES_NO, synonyms=("启用",)),
    ),
    number="product_no",
)  # fmt: skip

ORDERS = Kind(
    "orders",
    "order",
    "sales_order",
    N_("Sales orders"),
    (
        Field("order_no", T.CODE, required=True, synonyms=("订单编号", "订单", "order id", "order"),
              example="202603050001"),
        Field("customer", T.REFERENCE, target="customer",
              synonyms=("客户编号", "客户名称", "客户姓名", "买家", "customer no", "customer name")),
        Field("customer_phone", T.PHONES, synonyms=("客户电话", "手机号", "联系电话")),
        Field("product", T.REFERENCE, target="product", synonyms=("产品编号", "产品名称", "商品", "商品名称")),
        Field("qty", T.INTEGER, low=0, synonyms=("件数", "quantity"), example="1"),
        Field("amount", T.MONEY, synonyms=("订单金额", "实付金额", "总金额", "price"), example="1299.00"),
        Field("ordered_at", T.MOMENT, happened=True, synonyms=("订单时间", "下单日期", "order date")),
        Field("delivered_at", T.MOMENT, happened=True, synonyms=("收货时间", "签收日期")),
        Field("platform", T.CHOICE, choice="Platform", synonyms=("平台", "店铺")),
        Field("serial_no", T.CODE, synonyms=("SN", "机身号")),
    ),
    number="order_no",
)  # fmt: skip

USERS = Kind(
    "users",
    "user",
    "person",
    N_("Users"),
    (
        Field("person_no", T.CODE, synonyms=("员工号", "员工编号", "user no", "employee id"), example="A01"),
        Field("name", T.NAME, required=True, length=50, example="王芳",
              synonyms=("员工姓名", "客服", "user", "agent")),
        Field("roles", T.CHOICES, choice="Role", synonyms=("岗位", "role"), example="客服专员"),
        Field("department", T.REFERENCE, target="department", synonyms=("所属部门",)),
        Field("team", T.NAME, synonyms=("小组", "组别", "班次")),
        Field("phone", T.CODE, synonyms=("手机", "电话")),
        Field("email", T.CODE, synonyms=("邮箱",)),
        Field("active", T.YES_NO, synonyms=("启用", "是否在职")),
    ),
    number="person_no",
    natural=("name",),
)  # fmt: skip
